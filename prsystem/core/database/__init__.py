"""What Django's ORM has no word for: many rows at once, two roles."""
