"""Service targets in working time: calendars, policies, pauses, and what follows from them."""
