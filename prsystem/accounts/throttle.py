"""Sign-in attempts per address and account, shared by all replicas: in Redis, in PostgreSQL when Redis is down."""

import hashlib
from functools import cache

import redis
import structlog
from django.conf import settings
from django.db import connection

log = structlog.get_logger(__name__)
LIMIT = 5
WINDOW_SECONDS = 60
_REDIS_SECONDS = 0.5
_PREFIX = "prs:login:"

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
    key = _key(address, username)
    try:
        attempts, seconds = _count_in_redis(key)
    except redis.RedisError as error:
        log.warning("login.throttle_in_database", reason=type(error).__name__)
        attempts, seconds = _count_in_database(key)
    return max(seconds, 1) if attempts > LIMIT else 0


def attempts_forget(address: str, username: str) -> None:
    """After a successful sign-in: only failures count."""
    key = _key(address, username)
    try:
        _client().delete(_PREFIX + key)
    except redis.RedisError:
        _forget_in_database(key)


def _key(address: str, username: str) -> str:
    return hashlib.sha256(f"{address}|{username}".encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS
    )


def _count_in_redis(key: str) -> tuple[int, int]:
    """One round trip; the window begins with its first attempt and isn't moved by later ones."""
    with _client().pipeline(transaction=True) as pipe:
        pipe.set(_PREFIX + key, 0, ex=WINDOW_SECONDS, nx=True)
        pipe.incr(_PREFIX + key)
        pipe.ttl(_PREFIX + key)
        _made, attempts, seconds = pipe.execute()
    return attempts, seconds


def _count_in_database(key: str) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "seconds": WINDOW_SECONDS})
        return cursor.fetchone()


def _forget_in_database(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_attemptcount WHERE key = %s OR expires_at < now()", [key])
