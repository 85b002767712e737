"""A copy is made: of the database, of files, of the configuration."""
