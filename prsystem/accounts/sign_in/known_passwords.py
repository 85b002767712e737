"""The published password of the demo opens nothing on a site that is reached from elsewhere.

Decided anew at each sign-in, by the environment and by where the request comes from: nothing is written into the
accounts, so that the demo works again once the site is for this machine alone. Sessions and tokens of before are void
then too, see `User._get_session_auth_hash`.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from prsystem.demo_accounts import PASSWORD
from prsystem.exposure import is_loopback

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")


class KnownPasswordBackend(BaseBackend):
    """Asked before those that know people, the directory among them: what it refuses nobody else is asked about."""

    def authenticate(self, request: HttpRequest | None, password: str | None = None, **credentials: Any) -> None:
        if password == PASSWORD and (not settings.DEMO_ALLOWED or _is_from_elsewhere(request)):
            raise PermissionDenied


def _is_from_elsewhere(request: HttpRequest | None) -> bool:
    """By any address that the request names, trusted or not: who makes one up only shuts himself out."""
    if request is None:
        return False
    named = [hop for name in FORWARDED for hop in request.META.get(name, "").split(",") if hop.strip()]
    return not all(is_loopback(hop.strip()) for hop in (request.META.get("REMOTE_ADDR") or "127.0.0.1", *named))


def is_shut_out(encoded: str) -> bool:
    """Whether this stored password is the published one, which signs nobody in here."""
    return not settings.DEMO_ALLOWED and check_password(PASSWORD, encoded)
