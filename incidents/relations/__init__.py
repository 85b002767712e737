"""What ties cases together: links, merges, parts split off."""
