"""Schemathesis against a running PR-System: every operation of the document, in all phases, by several callers."""
