"""Error pages, and the same errors as problem documents below /api/."""

import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.translation import gettext as _

from prsystem.core.api.problems import CONTENT_TYPE, UNAVAILABLE_SECONDS, problem
from prsystem.core.errors import DomainError, NoRoom, TooLarge, Unavailable, is_no_room

log = structlog.get_logger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]


class DomainErrorMiddleware:
    """Renders a DomainError that a page view lets through."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return _with_headers(error_answer(request, 405), response)
        if response.status_code == 302 and _is_fragment(request) and _leads_to_sign_in(response):
            return HttpResponse(status=401)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RequestDataTooBig):
            error = TooLarge()
        if isinstance(error, OperationalError) or is_no_room(error):
            return unavailable(request, error)
        if not isinstance(error, DomainError):
            return None
        response = error_answer(request, error.status, str(error.message), error.code)
        if error.retry_after:
            response.headers["Retry-After"] = str(error.retry_after)
        return response


def _with_headers(page: HttpResponse, response: HttpResponse) -> HttpResponse:
    page.headers["Allow"] = response.headers.get("Allow", "")
    return page


def _is_fragment(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _leads_to_sign_in(response: HttpResponse) -> bool:
    """A fragment must not be replaced by the sign-in page when the session ends while a page stays open."""
    return urlsplit(response.headers.get("Location", "")).path == settings.LOGIN_URL


def error_answer(request: HttpRequest, status: int, detail: str = "", code: str = "") -> HttpResponse:
    """The error page `<status>.html`, or a problem document for the API; `code` also for the log."""
    request.refusal = code  # type: ignore[attr-defined]
    if request.path.startswith("/api/"):
        body = problem(status, detail=detail, code=code, request_id=getattr(request, "request_id", ""))
        return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    return render(request, _template(status), {"detail": detail, "status": status}, status=status)


def _template(status: int) -> str:
    try:
        get_template(f"{status}.html")
    except TemplateDoesNotExist:
        return "error.html"
    return f"{status}.html"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return error_answer(request, 413)
    return error_answer(request, 400, code="host" if isinstance(exception, DisallowedHost) else "")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_answer(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody expected; 503 when it was the database that went away, also within the middleware."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError) or (error is not None and is_no_room(error)):
        return unavailable(request, error)
    return error_answer(request, 500)


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The database can't be reached, or is failing over, or a disk is full: come back in a moment."""
    kind = NoRoom if is_no_room(error) else Unavailable
    log.error("disk.full" if kind is NoRoom else "database.unavailable", reason=type(error).__name__)
    answer = error_answer(request, 503, str(kind.message), kind.code)
    answer.headers["Retry-After"] = str(UNAVAILABLE_SECONDS)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    detail = _(
        "The form is older than the session. Go back, reload the page and send it again; what you wrote is kept."
    )
    return error_answer(request, 403, detail, code="csrf")
