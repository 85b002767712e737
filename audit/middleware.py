"""Every refused access (403) leaves an entry, whichever view refused it."""

from collections.abc import Callable

import structlog
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from prsystem.core.middleware import actor_of, client_ip

from .services import Outcome, record

log = structlog.get_logger(__name__)
DENIED = "access.denied"
MOST_PER_MINUTE = 60
_MINUTE = 60
Handler = Callable[[HttpRequest], HttpResponse]


class DenialMiddleware:
    """Beyond MOST_PER_MINUTE of one caller and address only the log tells: refusals must not fill the disk."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 403:
            _write_down(request)
        return response


def _write_down(request: HttpRequest) -> None:
    actor = actor_of(request)
    if _count(f"denied:{client_ip(request)}:{actor.kind}:{actor.user_id}") > MOST_PER_MINUTE:
        log.warning("access.denied", method=request.method, route=_route(request))
        return
    details = {"metodo": request.method, "ruta": request.path[:200]}
    try:
        record(actor, DENIED, f"ruta:{_route(request)}"[:120], details, Outcome.DENIED)
    except DatabaseError as error:  # the refusal stands, also while the database is away
        log.warning("access.denied", method=request.method, reason=type(error).__name__)


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.route if match else "?"


def _count(key: str) -> int:
    """How many there were in the present minute; 1 while Redis is away, so that entries go on being written."""
    try:
        cache.add(key, 0, _MINUTE)
        return cache.incr(key)
    except (RedisError, OSError, ValueError):
        return 1
