"""Error pages, and the same errors as problem documents below /api/."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from .api.problems import CONTENT_TYPE, problem
from .errors import DomainError, TooLarge

Handler = Callable[[HttpRequest], HttpResponse]


class DomainErrorMiddleware:
    """Renders a DomainError that a page view lets through."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RequestDataTooBig):
            error = TooLarge()
        if not isinstance(error, DomainError):
            return None
        return error_answer(request, error.status, str(error.message), error.code)


def error_answer(request: HttpRequest, status: int, detail: str = "", code: str = "") -> HttpResponse:
    """The error page `<status>.html`, or a problem document for the API."""
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
    return error_answer(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_answer(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_answer(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_answer(request, 403, code="csrf")
