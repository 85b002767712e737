"""Work for later: rows in the database, who takes them up when, and what is done by the clock."""
