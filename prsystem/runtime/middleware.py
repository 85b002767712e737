"""Times in the site's own zone, on every page and in every answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .selectors import get_setting

WITHOUT_DATABASE = ("/api/health", "/metrics")  # asked also when the database is away, and answered at once
Handler = Callable[[HttpRequest], HttpResponse]


class SiteTimeZoneMiddleware:
    """The zone is a setting; without one it is the environment's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_DATABASE):
            return self.get_response(request)
        with timezone.override(get_setting("site.time_zone")):
            return self.get_response(request)
