"""Pages of writing and review. Everything works without JavaScript."""
