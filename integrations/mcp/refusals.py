"""What an assistant is told when a call of a tool fails, in the language of the site instead of the SDK's English."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ValidationError


def told(error: ToolError) -> str:
    """The text of a failure that isn't a crash: bad arguments, a refusal of the tool, or no such tool."""
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        return _("The arguments can't be used. %(each)s") % {"each": " ".join(_each(cause))}
    return str(cause) if isinstance(cause, ToolError) else _("This key has no tool of that name.")


def _each(error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_input=False)
    return [f"{'.'.join(map(str, row['loc']))}: {_reason(row['type'], row.get('ctx', {}))}" for row in found]


def _reason(kind: str, limits: Mapping[str, Any]) -> str:
    match kind:
        case "missing":
            return _("This field is required.")
        case "string_type":
            return _("A text is expected.")
        case "string_too_short":
            return _("It is empty.")
        case "string_too_long":
            return _("At most %(limit)d characters.") % {"limit": limits["max_length"]}
        case "greater_than_equal":
            return _("At least %(limit)s.") % {"limit": limits["ge"]}
        case "less_than_equal":
            return _("At most %(limit)s.") % {"limit": limits["le"]}
        case "literal_error":
            return _("One of: %(names)s.") % {"names": ", ".join(re.findall(r"'([^']+)'", limits["expected"]))}
        case "int_type" | "int_parsing" | "int_from_float" | "int_parsing_size":
            return _("A whole number is expected.")
    return _("This value isn't accepted.")
