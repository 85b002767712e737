"""Requests to other systems: which addresses, how long, how much."""
