"""Refused requests leave an entry, whichever view or middleware refused them."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict

from prsystem.core.files.types import safe_name
from prsystem.core.web.middleware import actor_of

from .refusals import refusal_record

DENIED, TOKEN, FILES = "access.denied", "token.refused", "file.refused"
_CREDENTIALS = ("Authorization", "X-API-Key")
_BAD_FILES = {400, 413, 415, 422}
_NAMES_TOLD = 10
Handler = Callable[[HttpRequest], HttpResponse]


class DenialMiddleware:
    """Rights that are missing (403), tokens that don't hold or are missing in the API (401), foreign host names, and
    forms with files that aren't taken."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400 and (action := _refusal(request, response)):
            resource = "token:api" if action == TOKEN else f"ruta:{_route(request)}"[:120]
            refusal_record(actor_of(request), action, resource, _details(request, response, action))
        return response


def _refusal(request: HttpRequest, response: HttpResponse) -> str:
    """The action of the entry; empty for answers that refuse nobody."""
    status = response.status_code
    if status == 403:
        return DENIED
    if status == 401 and "WWW-Authenticate" in response:
        return TOKEN if any(name in request.headers for name in _CREDENTIALS) else DENIED
    if status == 400 and _is_foreign(request):
        return DENIED
    return FILES if status in _BAD_FILES and request.content_type == "multipart/form-data" else ""


def _details(request: HttpRequest, response: HttpResponse, action: str) -> dict[str, Any]:
    details: dict[str, Any] = {"metodo": request.method, "ruta": request.path[:200], "estado": response.status_code}
    if action == FILES:
        # What was read of the body already; asking for request.FILES could read a body that was too long.
        read: MultiValueDict[str, Any] = getattr(request, "_files", None) or MultiValueDict()
        names = [file.name for key in read for file in read.getlist(key)]
        details["archivos"] = [safe_name(name or "") for name in names[:_NAMES_TOLD]]
    return details


def _is_foreign(request: HttpRequest) -> bool:
    try:
        request.get_host()
    except DisallowedHost:
        return True
    return False


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.route if match else "?"
