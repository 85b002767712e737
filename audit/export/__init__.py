"""The trail as a file."""
