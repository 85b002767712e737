"""Entries of what was refused before any service saw it. A flood of refusals must not fill the disk."""

from typing import Any

import structlog
from django.core.cache import cache
from django.db import DatabaseError
from redis.exceptions import RedisError

from prsystem.core.context import Actor, current

from .services import Outcome, record

log = structlog.get_logger(__name__)
MOST_PER_MINUTE = 60
_MINUTE = 60


def refusal_record(actor: Actor, action: str, resource: str, details: dict[str, Any] | None = None) -> None:
    """One entry; beyond MOST_PER_MINUTE of one caller and address only the log tells. The refusal stands, also while
    the database is away."""
    if _count(f"denied:{current.get().ip}:{actor.kind}:{actor.user_id}") > MOST_PER_MINUTE:
        log.warning(action, resource=resource)
        return
    try:
        record(actor, action, resource, details, Outcome.DENIED)
    except DatabaseError as error:
        log.warning(action, resource=resource, reason=type(error).__name__)


def _count(key: str) -> int:
    """How many there were in the present minute; 1 while Redis is away, so that entries go on being written."""
    try:
        cache.add(key, 0, _MINUTE)
        return cache.incr(key)
    except (RedisError, OSError, ValueError):
        return 1
