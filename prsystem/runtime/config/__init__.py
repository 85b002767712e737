"""Configuration as text: what can be written to a file, compared with one, and made equal to it."""
