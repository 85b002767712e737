"""Cases that tell the same: by meaning and by words."""
