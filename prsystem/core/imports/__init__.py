"""Rows out of the files of other systems."""
