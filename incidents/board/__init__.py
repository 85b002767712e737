"""The figures of a period, on a page, in a file, by mail."""
