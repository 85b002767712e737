"""Is everything well: checks, what they say to people, the checklist of an installation."""
