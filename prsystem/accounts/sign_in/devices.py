"""Browsers that somebody has signed in with before: while an account is under attack its owner still gets in."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from prsystem.core.keyed import keyed_digests

COOKIE = "__Host-prs_device" if settings.SESSION_COOKIE_SECURE else "prs_device"
SALT = "accounts.device"
LIFETIME_SECONDS = 180 * 24 * 3600
PEOPLE = 8  # of a shared computer; the last ones


def is_known_device(request: HttpRequest, username: str) -> bool:
    """Whether this account has signed in from this browser; the cookie is signed and names nobody."""
    known = _marks(request)
    return any(mark in known for mark in _marks_of(username))


def device_remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    mine = _marks_of(username)
    marks = [mine[0], *(other for other in _marks(request) if other not in mine)][:PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps(marks, salt=SALT),
        max_age=LIFETIME_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFETIME_SECONDS)
    except signing.BadSignature:
        return []
    return [str(mark) for mark in found]


def _marks_of(username: str) -> list[str]:
    return [digest[:16] for digest in keyed_digests(SALT, username)]
