"""Files that people send: what they are, what they must not be, where they are kept."""
