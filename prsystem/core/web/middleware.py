"""Request id, client address and actor for every request; security headers that Django doesn't set."""

import ipaddress
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from prsystem.core.context import ANONYMOUS, Actor, RequestContext, current, request_id_from

Handler = Callable[[HttpRequest], HttpResponse]


def client_ip(request: HttpRequest) -> str:
    """The address of the client: the last one in X-Forwarded-For that isn't a trusted proxy."""
    address = request.META.get("REMOTE_ADDR") or "127.0.0.1"
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    while hops and _is_trusted(address):
        address = hops.pop()
    return address if _is_address(address) else request.META.get("REMOTE_ADDR", "127.0.0.1")


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def _is_trusted(value: str) -> bool:
    return _is_address(value) and any(ipaddress.ip_address(value) in net for net in settings.TRUSTED_PROXIES)


class RequestContextMiddleware:
    """Puts request id and address into the context and the logs, and the id into the answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_id_from(request.headers.get("X-Request-ID", ""))
        request.request_id = request_id  # type: ignore[attr-defined]
        token = current.set(RequestContext(request_id=request_id, ip=client_ip(request)))
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
            structlog.contextvars.clear_contextvars()
        response.headers["X-Request-ID"] = request_id
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "user", None) is not None and not response.headers.get("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response


class ActorMiddleware:
    """`request.actor` for pages; the API's authentication classes set it for tokens and keys."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.actor = user.as_actor() if user.is_authenticated else ANONYMOUS  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    return getattr(request, "actor", ANONYMOUS)
