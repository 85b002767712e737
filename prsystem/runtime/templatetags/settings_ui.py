"""Values of settings as people read them."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from ..registry import Kind, Setting

register = template.Library()


@register.filter
def shown(setting: Setting, value: Any) -> str:
    """On or off, the words of a choice, lines joined by commas, else the value itself."""
    if setting.kind == Kind.BOOLEAN:
        return _("On") if value else _("Off")
    if setting.kind == Kind.CHOICE:
        return str(dict(setting.choices).get(value, value))
    if setting.kind == Kind.LINES:
        return ", ".join(value) or "—"
    return str(value) or "—"


@register.filter
def shown_or_default(setting: Setting, value: Any) -> str:
    """As `shown`; in the history None stands for the default."""
    return _("Default") if value is None else shown(setting, value)
