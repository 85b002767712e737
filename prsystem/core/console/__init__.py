"""What every page of the administration console has in common."""
