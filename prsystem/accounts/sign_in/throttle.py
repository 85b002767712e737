"""Counts per minute, shared by all replicas: in Redis, in PostgreSQL when Redis is down. For sign-ins and API keys."""

import hashlib
from time import monotonic

import redis
import structlog
from django.db import connection
from django.utils.translation import gettext_lazy as _

from prsystem.core import redis_store
from prsystem.core.errors import DomainError

log = structlog.get_logger(__name__)


class TooManyAttempts(DomainError):
    """Wait `retry_after` seconds."""

    code = "demasiadas_peticiones"
    status = 429
    message = _("Too many attempts to sign in. Wait a moment.")


LIMIT = 5
WINDOW_SECONDS = 60
_REDIS_SECONDS = 0.5
_PREFIX = "prs:hits:"
_REDIS_PAUSE_SECONDS = 5.0
_redis_silent_until = 0.0

_COUNT = """
INSERT INTO accounts_attemptcount AS c (key, attempts, expires_at)
VALUES (%(key)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (key) DO UPDATE SET
  attempts = CASE WHEN c.expires_at <= clock_timestamp() THEN 1 ELSE c.attempts + 1 END,
  expires_at = CASE WHEN c.expires_at <= clock_timestamp() THEN excluded.expires_at ELSE c.expires_at END
RETURNING attempts, ceil(extract(epoch FROM expires_at - clock_timestamp()))::int
"""


def attempt_count(address: str, username: str) -> int:
    """Count one attempt before it is checked, so that parallel guesses count too.

    0 when it may go on, else the seconds until the next one may.
    """
    attempts, seconds = hits_count(f"{address}|{username}", WINDOW_SECONDS)
    return max(seconds, 1) if attempts > LIMIT else 0


def hits_count(name: str, window_seconds: int) -> tuple[int, int]:
    """Count one hit under a name: how many came in its window, this one included, and the seconds the window lasts.

    After a failure Redis is left alone for a moment, so that one that hangs slows down one request and not all.
    """
    global _redis_silent_until
    key = _key(name)
    if monotonic() >= _redis_silent_until:
        try:
            return _count_in_redis(key, window_seconds)
        except redis.RedisError as error:
            _redis_silent_until = monotonic() + _REDIS_PAUSE_SECONDS
            log.warning("throttle.in_database", reason=type(error).__name__)
    return _count_in_database(key, window_seconds)


def hits_seen(*names: str) -> list[int]:
    """How many hits each name has had in its window, without counting one."""
    global _redis_silent_until
    keys = [_key(name) for name in names]
    if monotonic() >= _redis_silent_until:
        try:
            return [int(value or 0) for value in _client().mget([_PREFIX + key for key in keys])]
        except redis.RedisError as error:
            _redis_silent_until = monotonic() + _REDIS_PAUSE_SECONDS
            log.warning("throttle.in_database", reason=type(error).__name__)
    return _seen_in_database(keys)


def attempts_forget(address: str, username: str) -> None:
    """After a successful sign-in: only failures count."""
    hits_forget(f"{address}|{username}")


def hits_forget(name: str) -> None:
    """Start again from none."""
    key = _key(name)
    was_down = monotonic() < _redis_silent_until
    try:
        _client().delete(_PREFIX + key)
    except redis.RedisError:
        was_down = True
    if was_down:  # counted there, even if Redis has come back since
        _forget_in_database(key)


def _key(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _client() -> redis.Redis:
    return redis_store.client(_REDIS_SECONDS)


def _count_in_redis(key: str, window_seconds: int) -> tuple[int, int]:
    """One round trip; the window begins with its first attempt and isn't moved by later ones."""
    with _client().pipeline(transaction=True) as pipe:
        pipe.set(_PREFIX + key, 0, ex=window_seconds, nx=True)
        pipe.incr(_PREFIX + key)
        pipe.ttl(_PREFIX + key)
        _made, attempts, seconds = pipe.execute()
    return attempts, seconds


def _count_in_database(key: str, window_seconds: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "seconds": window_seconds})
        return cursor.fetchone()


def _seen_in_database(keys: list[str]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, attempts FROM accounts_attemptcount WHERE key = ANY(%s) AND expires_at > clock_timestamp()",
            [keys],
        )
        found = dict(cursor.fetchall())
    return [found.get(key, 0) for key in keys]


def _forget_in_database(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_attemptcount WHERE key = %s OR expires_at < now()", [key])
