"""What may be done to a case, each move in one place."""
