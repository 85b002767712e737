"""Changes to settings: each leaves a row of history and an audit entry, in one transaction."""

from typing import Any

from django.db import connection, transaction

from prsystem.core.context import Actor
from prsystem.core.errors import Missing, NotAllowed, StaleVersion

from . import selectors, trail
from .models import SettingChange, StoredSetting
from .registry import setting_of

_LOCK = 0x70725F736574  # one change at a time: any constant does that nothing else uses


@transaction.atomic
def setting_set(*, actor: Actor, key: str, value: Any, seen: int | None = None) -> SettingChange | None:
    """Set a value; the change, or None when it was that already.

    `seen` is the id of the last change that the person saw (0 for none): StaleVersion when there is a newer one.
    """
    return _change(actor, key, setting_of(key).cleaned(value), seen)


@transaction.atomic
def setting_reset(*, actor: Actor, key: str, seen: int | None = None) -> SettingChange | None:
    """Back to the default; None when it was there already."""
    setting_of(key)
    return _change(actor, key, None, seen)


@transaction.atomic
def setting_revert(*, actor: Actor, key: str, change_id: int) -> SettingChange | None:
    """Back to what was in force before a change of this setting; None when it is that already."""
    change = SettingChange.objects.filter(pk=change_id, key=key).first()
    if change is None:
        raise Missing()
    value = None if change.before is None else setting_of(key).cleaned(change.before)
    return _change(actor, key, value, None)


def _change(actor: Actor, key: str, value: Any, seen: int | None) -> SettingChange | None:
    """None as value is the default, which is kept by keeping nothing."""
    if not actor.rights.is_admin:
        raise NotAllowed()
    _serialise()
    if seen is not None and seen != (selectors.changes_of(key).values_list("pk", flat=True).first() or 0):
        raise StaleVersion()
    value = None if value == setting_of(key).default else value
    before = StoredSetting.objects.filter(key=key).values_list("value", flat=True).first()
    if before == value:
        return None
    _store(key, value)
    change = SettingChange.objects.create(
        key=key, before=before, after=value, actor=actor.label[:150], user_id=actor.user_id
    )
    trail.record(actor, "setting.changed", f"ajuste:{key}", {"valor": {"antes": before, "despues": value}})
    selectors.forget()
    transaction.on_commit(selectors.forget)
    return change


def _store(key: str, value: Any) -> None:
    if value is None:
        StoredSetting.objects.filter(key=key).delete()
    else:
        StoredSetting.objects.update_or_create(key=key, defaults={"value": value})


def _serialise() -> None:
    """To the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
