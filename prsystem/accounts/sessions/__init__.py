"""Sessions and tokens: made, renewed, ended, cleaned up."""
