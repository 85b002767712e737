"""How long copies are kept, and which are held."""
