"""A copy is proven: restored into a scratch place and compared."""
