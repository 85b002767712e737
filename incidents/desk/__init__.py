"""The desk of an engineer: saved views, workload, who has a case open."""
