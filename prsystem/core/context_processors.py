"""What every page needs."""

from django.http import HttpRequest

from prsystem import __version__


def page(request: HttpRequest) -> dict[str, object]:
    return {"app_version": __version__, "request_id": getattr(request, "request_id", "")}
