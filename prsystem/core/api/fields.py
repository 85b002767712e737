"""JSON types taken at their word: a number isn't a text, `true` isn't 1. What a value may be is for services to say."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from prsystem.core.text.cleaning import has_forbidden_controls


class Text(serializers.CharField):
    """A JSON string, kept as sent. Lengths and blanks are checked by the service, which names the field too."""

    default_error_messages = {"not_text": _("It holds characters that aren't text (NUL).")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "allow_blank": True, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if has_forbidden_controls(data):
            self.fail("not_text")
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    """A JSON integer that fits the database's."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 2**31 - 1, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """`true` or `false`; in a form, which has only texts, the words."""

    default_error_messages = {"invalid": _("True or false is expected.")}

    def to_internal_value(self, data: Any) -> bool:
        is_form = hasattr(self.root, "initial_data") and hasattr(self.root.initial_data, "getlist")
        if is_form and data in ("true", "false"):
            return data == "true"
        if not isinstance(data, bool):
            self.fail("invalid", input=type(data).__name__)
        return data
