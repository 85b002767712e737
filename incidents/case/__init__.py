"""A case: what it is, what is said and attached in it, who may read it, how it is shown."""
