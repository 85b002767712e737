"""Every request counted by its route, never by its path: the number of series stays that of the URL patterns."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .metrics import DURATION, REQUESTS

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "sin_ruta"


class RequestMetricsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        endpoint = route_of(request)
        method = request.method if request.method in METHODS else "OTRO"
        REQUESTS.labels(method, endpoint, str(response.status_code)).inc()
        DURATION.labels(endpoint).observe(time.perf_counter() - began)
        return response


def route_of(request: HttpRequest) -> str:
    """`/api/incidencias/<str:id>`; NO_ROUTE for an address that doesn't exist."""
    match = request.resolver_match
    return "/" + match.route.removeprefix("^").removesuffix("$") if match else NO_ROUTE
