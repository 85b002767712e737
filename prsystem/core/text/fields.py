"""Checks of text fields, the same for pages, API and commands. Errors carry the contract's field names."""

from django.utils.translation import gettext_lazy as _

from prsystem.core.errors import InvalidInput

from .cleaning import clean_line, clean_text, has_forbidden_controls, is_blank


def checked_text(name: str, raw: str, limit: int, *, required: bool = True) -> str:
    """Clean text of at most `limit` characters; InvalidInput naming the field otherwise."""
    return _checked(name, raw, clean_text(raw), limit, required)


def checked_line(name: str, raw: str, limit: int, *, required: bool = True) -> str:
    """One clean line of at most `limit` characters; InvalidInput naming the field otherwise."""
    return _checked(name, raw, clean_line(raw), limit, required)


def _checked(name: str, raw: str, value: str, limit: int, required: bool) -> str:
    if has_forbidden_controls(raw):
        raise InvalidInput.field(name, _("It holds characters that aren't text (NUL)."))
    if required and is_blank(value):
        raise InvalidInput.field(name, _("This field is required."))
    if len(value) > limit:
        raise InvalidInput.field(name, _("At most %(limit)d characters.") % {"limit": limit})
    return value
