"""The only maker of Redis clients for counts and marks: they give up soon, since Redis may be away at any time."""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry


@cache
def client(timeout_seconds: float) -> redis.Redis:
    """One client per process and deadline. It doesn't try again: by default three pauses of seconds would hold a
    request."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=timeout_seconds,
        socket_connect_timeout=timeout_seconds,
        retry=Retry(NoBackoff(), 0),
    )
