"""A plant that never existed, with 90 days of incidents and the knowledge they left: for trial, tests and drills."""
