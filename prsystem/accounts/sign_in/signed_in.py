"""What a browser is given when somebody signs in: language and theme of the person."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from prsystem.accounts.models import User
from prsystem.core.web.context_processors import THEME_COOKIE

from .devices import device_remember

ONE_YEAR = 365 * 24 * 3600


def keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=ONE_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=name == THEME_COOKIE,
    )


def welcome(request: HttpRequest, response: HttpResponse, user: User) -> HttpResponse:
    """Brings the person's language and theme into this browser, which is known from now on."""
    device_remember(request, response, user.username)
    keep(response, settings.LANGUAGE_COOKIE_NAME, user.language)
    keep(response, THEME_COOKIE, user.theme)
    return response
