"""The assistant examined on closed cases, and what is promoted after it."""
