"""Reading settings. `get_setting` costs no query: each process keeps what is stored for KEPT_SECONDS.

A change is seen at once by the process that made it and within KEPT_SECONDS by all others.
"""

from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db.models import QuerySet

from prsystem.core.errors import InvalidInput, Missing

from .models import SettingChange, StoredSetting
from .registry import Setting, setting_of, settings_all

log = structlog.get_logger(__name__)
KEPT_SECONDS = 3.0
UNREADABLE_SECONDS = 30.0  # longer than a database that is away holds who asks: each request would wait for it twice
_kept: tuple[float, dict[str, Any]] = (float("-inf"), {})


def get_setting(key: str) -> Any:
    """The value in force: what an administrator set, else the default. Missing for a key that nobody registered."""
    setting = setting_of(key)
    return _stored().get(key, setting.default)


def _stored() -> dict[str, Any]:
    until, values = _kept
    if monotonic() < until:
        return values
    try:
        found = list(StoredSetting.objects.values_list("key", "value"))
    except DatabaseError as error:  # the probes answer without a database, and before its first migration
        log.warning("settings.unreadable", reason=type(error).__name__)
        keep(values, UNREADABLE_SECONDS)
        return values
    values = {key: value for key, value in found if _fits(key, value)}
    keep(values, KEPT_SECONDS)
    return values


def _fits(key: str, value: Any) -> bool:
    """A value that another version of the product kept and this one refuses counts as not set."""
    try:
        setting_of(key).cleaned(value)
    except (Missing, InvalidInput) as error:
        log.warning("setting.ignored", key=key, reason=error.code)
        return False
    return True


def keep(values: dict[str, Any], seconds: float) -> None:
    """Take these as what is stored, for a while."""
    global _kept
    _kept = (monotonic() + seconds, values)


def forget() -> None:
    """The next reader asks the database."""
    keep({}, float("-inf"))


def changes_of(key: str) -> QuerySet[SettingChange]:
    """The history of a setting, newest first."""
    return SettingChange.objects.filter(key=key).order_by("-id")


@dataclass(frozen=True)
class Shown:
    """A setting as the console shows it."""

    setting: Setting
    value: Any
    is_set: bool
    last: SettingChange | None


def settings_shown() -> dict[str, list[Shown]]:
    """Every setting by the name of its group, with its value and its last change; read from the database."""
    values = dict(StoredSetting.objects.values_list("key", "value"))
    last = {change.key: change for change in SettingChange.objects.order_by("key", "-id").distinct("key")}
    groups: dict[str, list[Shown]] = {}
    for setting in settings_all():
        is_set = setting.key in values and _fits(setting.key, values[setting.key])
        value = values[setting.key] if is_set else setting.default
        groups.setdefault(str(setting.group), []).append(Shown(setting, value, is_set, last.get(setting.key)))
    return groups


def settings_changed() -> dict[str, Any]:
    """Key -> value of what isn't at its default, by key; for export."""
    stored = StoredSetting.objects.order_by("key").values_list("key", "value")
    return {key: value for key, value in stored if _fits(key, value)}
