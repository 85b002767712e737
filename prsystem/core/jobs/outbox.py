"""Facts for other systems. `record_event` is called by services inside their transaction."""

from functools import cache
from time import monotonic
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import transaction

from prsystem.core.database.bulk import insert_many
from prsystem.core.models import OutboxEvent

log = structlog.get_logger(__name__)
DOORBELL = "outbox:doorbell"
BELL_PAUSE_SECONDS = 5.0
_silent_until = 0.0


def record_event(event: str, resource: str, payload: dict[str, Any]) -> OutboxEvent:
    """Write the outbox row beside the change. `event` is a name of the contract, e.g. `incidencia.creada`."""
    row = build_event(event, resource, payload)
    row.save(force_insert=True)
    transaction.on_commit(ring)
    return row


def record_events(rows: list[OutboxEvent]) -> None:
    """Write many rows beside their changes, in one statement."""
    if rows:
        insert_many(rows)
        transaction.on_commit(ring)


def build_event(event: str, resource: str, payload: dict[str, Any]) -> OutboxEvent:
    """An unsaved event, for services that insert several rows at once; the sender finds it within a second."""
    return OutboxEvent(event=event, resource=resource, payload=payload)


def ring() -> None:
    """Wake the sender of webhooks. Without Redis it finds the row within a second, by looking."""
    global _silent_until
    if monotonic() < _silent_until:
        return
    try:
        _bell().publish(DOORBELL, b"")
    except (redis.RedisError, OSError) as error:
        _silent_until = monotonic() + BELL_PAUSE_SECONDS
        log.warning("doorbell.silent", reason=type(error).__name__)


@cache
def _bell() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
