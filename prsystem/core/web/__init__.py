"""What every page and request has in common."""
