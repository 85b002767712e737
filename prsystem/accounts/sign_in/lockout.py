"""What somebody sees whose account or address is locked after failed sign-ins."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from prsystem.core.api.problems import problem_response
from prsystem.core.errors import DomainError


class LockedOut(DomainError):
    """Too many failed sign-ins."""

    code = "cuenta_bloqueada"
    status = 423
    message = _("Too many failed sign-ins. Try again later.")


def locked_out_response(
    request: HttpRequest, credentials: object = None, *args: object, **kwargs: object
) -> HttpResponse:
    """423 with Retry-After: a problem document for the API, a page otherwise. Same for known and unknown names."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    if request.path.startswith("/api/"):
        response: HttpResponse = problem_response(LockedOut(), request)
    else:
        response = render(request, "423.html", {"minutes": seconds // 60}, status=423)
    response.headers["Retry-After"] = str(seconds)
    return response
