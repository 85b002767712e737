"""People as an administrator handles them: lists, sheets, erasure."""
