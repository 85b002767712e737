"""Secrets never reach the audit trail: values under telling names are replaced."""

import re
from typing import Any

_SECRET_NAME = re.compile(r"passw|secret|token|clave|api_?key|authorization|cookie|otp", re.IGNORECASE)
MASK = "[oculto]"


def redacted(value: Any) -> Any:
    """A copy with every value under a secret-looking key masked, at any depth."""
    if isinstance(value, dict):
        return {key: MASK if _SECRET_NAME.search(str(key)) else redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    return value
