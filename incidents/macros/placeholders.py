"""`{numero}` and the like in the texts of macros. Pure; a name that isn't known stays as it was typed."""

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([a-z_]{1,20})\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Every known placeholder with its value, once: what a value holds isn't looked at again."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)
