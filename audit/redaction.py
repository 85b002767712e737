"""Secrets never reach the audit trail: values under telling names are replaced."""

from typing import Any

from prsystem.core.text.cleaning import SECRET_NAME

MASK = "[oculto]"


def redacted(value: Any) -> Any:
    """A copy with every value under a secret-looking key masked, at any depth."""
    if isinstance(value, dict):
        return {key: MASK if SECRET_NAME.search(str(key)) else redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    return value
