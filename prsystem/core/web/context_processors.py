"""What every page knows: the version, the chosen theme, the request's id."""

from django.http import HttpRequest

from prsystem import __version__

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "prs_theme"


def theme_of(request: HttpRequest) -> str:
    """The theme chosen in this browser; `auto` follows the system."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def page(request: HttpRequest) -> dict[str, object]:
    return {"app_version": __version__, "theme": theme_of(request), "request_id": getattr(request, "request_id", "")}
