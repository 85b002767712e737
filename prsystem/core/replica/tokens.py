"""What each person or key has written: the position of the log after it, kept in Redis for all web processes.

When Redis has lost it all, the position of the primary at that moment counts for everybody: it lies behind every
earlier write. Kept for longer than the replica may lag, so a token that has run out says nothing new.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

import redis
import structlog
from django.db import Error, connection

from prsystem.core import redis_store
from prsystem.core.context import Actor

log = structlog.get_logger(__name__)
EVERYTHING = 2**53  # behind every position; Lua's numbers are exact up to here
KEPT_SECONDS = 60
REDIS_SECONDS = 0.3
REDIS_PAUSE_SECONDS = 5.0
_PREFIX = "prs:escrito:"
_FLOOR = _PREFIX + "todos"
# Answers that overtake each other must not take a position back.
_RAISE = """
local known = tonumber(redis.call('GET', KEYS[1]) or '-1')
redis.call('SET', KEYS[1], math.max(known, tonumber(ARGV[1])), 'EX', ARGV[2])
"""

_silent_until = 0.0


def position_after_write() -> int:
    """The primary's position now; EVERYTHING when it doesn't answer: the change is done, its position unknown."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
            return int(cursor.fetchone()[0])
    except Error:
        return EVERYTHING


def remember(actor: Actor, position: int) -> None:
    _with_redis(lambda client: client.eval(_RAISE, 1, _key(actor), position, KEPT_SECONDS))


def required_by(actor: Actor) -> int:
    """The position that a reader needs; EVERYTHING when Redis doesn't say."""
    found = _with_redis(lambda client: client.mget(_FLOOR, _key(actor)))
    if found is None:
        return EVERYTHING
    floor, own = found
    return max(int(floor) if floor is not None else _new_floor(), int(own or 0))


def _new_floor() -> int:
    position = position_after_write()
    if position != EVERYTHING:
        _with_redis(lambda client: client.set(_FLOOR, position, nx=True, ex=KEPT_SECONDS))
    return position


def _key(actor: Actor) -> str:
    return f"{_PREFIX}{actor.kind}:{actor.user_id or actor.label}"


def _with_redis(ask: Callable[[Any], Any]) -> Any:
    """The answer; None when there is none. After a failure Redis is left alone for a moment."""
    global _silent_until
    if monotonic() < _silent_until:
        return None
    try:
        return ask(_client())
    except redis.RedisError as error:
        _silent_until = monotonic() + REDIS_PAUSE_SECONDS
        log.warning("replica.tokens_unknown", reason=type(error).__name__)
        return None


def _client() -> redis.Redis:
    return redis_store.client(REDIS_SECONDS)
