"""Every request counted and logged by its route, never by its path: no contents, query strings or tokens, and as many
series as there are URL patterns.

One line for each request, with the id that its answer carries. Left out while they go well: probes, scrapes and static
files, which say nothing about people's work and are most of the requests.
"""

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from prsystem.core.context import ANONYMOUS, Actor
from prsystem.core.web.middleware import actor_of

from .metrics import DURATION, REQUESTS
from .parts import pool_note

log = structlog.get_logger("prsystem.requests")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD, NO_ROUTE = "OTRO", "sin_ruta"
QUIET = ("/metrics", "/api/health", settings.STATIC_URL)


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        method, route, status = request.method or "", route_of(request), response.status_code
        count(method, route, status, seconds)
        pool_note()
        if status >= 400 or not request.path.startswith(QUIET):
            more = {"reason": reason} if (reason := getattr(request, "refusal", "")) else {}
            tell(method, route, status, seconds, getattr(request, "request_id", ""), actor_of(request), **more)
        return response


def count(method: str, route: str, status: int, seconds: float) -> None:
    """For Prometheus."""
    REQUESTS.labels(_known(method), route, str(status)).inc()
    DURATION.labels(route).observe(seconds)


def tell(
    method: str, route: str, status: int, seconds: float, request_id: str, actor: Actor = ANONYMOUS, **more: str
) -> None:
    """The line of a request; `seconds` until the answer was there, not until it was sent. `reason`: the code of a
    refusal."""
    write = log.error if status >= 500 else log.info
    write(
        "request",
        method=_known(method),
        route=route,
        status=status,
        ms=round(1000 * seconds, 1),
        actor=actor.kind,
        account=actor.user_id,
        request_id=request_id,
        **more,
    )


def _known(method: str) -> str:
    return method if method in METHODS else OTHER_METHOD


def route_of(request: HttpRequest) -> str:
    """`/api/incidencias/<str:id>`; NO_ROUTE for an address that doesn't exist."""
    match = request.resolver_match
    return "/" + match.route.removeprefix("^").removesuffix("$") if match else NO_ROUTE
