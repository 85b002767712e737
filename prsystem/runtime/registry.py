"""Which settings there are: apps register theirs in `AppConfig.ready()`, with type, default, bounds and words. Pure.

What a site must have before it starts (addresses, secrets) is the environment's; a setting never holds a secret.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from prsystem.core.errors import InvalidInput, Missing
from prsystem.core.text.cleaning import has_forbidden_controls

TEXT_LENGTH = 200
MOST_LINES = 200

Choices = tuple[tuple[str, Any], ...]


class Kind(StrEnum):
    """What a value is: `lines` is a list of text, `decimal` a float."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    CHOICE = "choice"
    LINES = "lines"


@dataclass(frozen=True)
class Preview:
    """What a value would change, before it is kept: `template` shows the context that `told` makes of the value."""

    template: str
    told: Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Setting:
    """One setting. `key` is stored and never changes; `label`, `help` and `group` are translated where shown.

    `minimum` and `maximum` bound a number, and the count of lines; `check` raises InvalidInput for more.
    """

    key: str
    kind: Kind
    default: Any
    label: Any
    group: Any
    help: Any = ""
    minimum: float | None = None
    maximum: float | None = None
    max_length: int = TEXT_LENGTH
    choices: Choices = ()
    check: Callable[[Any], None] | None = None
    preview: Preview | None = None

    def cleaned(self, value: Any) -> Any:
        """The value when it is of the kind and within the bounds; InvalidInput under the field `valor` otherwise."""
        value = _CLEANERS[self.kind](self, value)
        if self.check is not None:
            self.check(value)
        return value


_settings: dict[str, Setting] = {}


def register(*settings: Setting) -> None:
    """Add settings. A default that its own bounds refuse, or a key in use, is a mistake of the programmer."""
    for setting in settings:
        if _settings.get(setting.key, setting) != setting:
            raise ValueError(f"setting {setting.key!r} is registered twice")
        setting.cleaned(setting.default)
        _settings[setting.key] = setting


def setting_of(key: str) -> Setting:
    """The setting with this key; Missing when nobody registered it."""
    if key not in _settings:
        raise Missing(_("There is no setting «%(key)s».") % {"key": key[:60]})
    return _settings[key]


def settings_all() -> list[Setting]:
    """Every setting, in the order of registration."""
    return list(_settings.values())


def _wrong(message: object) -> InvalidInput:
    return InvalidInput.field("valor", message)


def _boolean(setting: Setting, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(_("Yes or no is expected."))
    return value


def _integer(setting: Setting, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(_("A whole number is expected."))
    return int(_bounded(setting, value))


def _decimal(setting: Setting, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise _wrong(_("A number is expected."))
    return float(_bounded(setting, value))


def _bounded(setting: Setting, value: float) -> float:
    if setting.minimum is not None and value < setting.minimum:
        raise _wrong(_("At least %(limit)s.") % {"limit": setting.minimum})
    if setting.maximum is not None and value > setting.maximum:
        raise _wrong(_("At most %(limit)s.") % {"limit": setting.maximum})
    return value


def _text(setting: Setting, value: Any) -> str:
    if not isinstance(value, str) or has_forbidden_controls(value):
        raise _wrong(_("Text is expected."))
    if len(value.strip()) > setting.max_length:
        raise _wrong(_("At most %(limit)d characters.") % {"limit": setting.max_length})
    return value.strip()


def _choice(setting: Setting, value: Any) -> str:
    codes = [code for code, _label in setting.choices]
    if value not in codes:
        raise _wrong(_("One of: %(codes)s.") % {"codes": ", ".join(codes)})
    return str(value)


def _lines(setting: Setting, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise _wrong(_("A list of lines is expected."))
    lines = [line for line in (_text(setting, line) for line in value) if line]
    limit = MOST_LINES if setting.maximum is None else int(setting.maximum)
    if len(lines) > limit:
        raise _wrong(_("At most %(limit)s.") % {"limit": limit})
    return lines


_CLEANERS: dict[Kind, Callable[[Setting, Any], Any]] = {
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.LINES: _lines,
}
