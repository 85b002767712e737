"""How cases look: tags, table rows, the story of what happened."""
