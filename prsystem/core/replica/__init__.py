"""Reads from a streaming replica, in views marked for it, and never older than what the reader wrote.

`watching` knows how far the replica is, `tokens` what each reader has written, `reading` decides and routes.
Docs: docs/decisions/0009-replica-de-lectura.md.
"""
