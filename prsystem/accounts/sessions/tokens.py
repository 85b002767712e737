"""Access tokens (JWT, HS256, one hour). The only module that knows simplejwt."""

import uuid
from dataclasses import dataclass
from time import time

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from prsystem.accounts.models import RefreshToken, User
from prsystem.core.web.step_up import PROVED_AT

_OWNER, _STAMP, _FAMILY = "sub", "sello", "familia"


class TokenRefused(Exception):
    """The token is malformed, expired, of another kind, or its owner may not use it any more."""


def access_token_for(user: User, family: uuid.UUID | None = None, *, is_proof: bool = False) -> str:
    """A signed token with `aud`, `iss`, `jti`, `exp`, the user's id, and a stamp that a change of password voids.

    `is_proof`: it comes from signing in just now, which grave steps ask for. With a family it is void once that has
    ended: by signing out, by reuse, or on the person's page.
    """
    token = AccessToken()
    if is_proof:
        token[PROVED_AT] = int(time())
    if family is not None:
        token[_FAMILY] = str(family)
    token[_OWNER] = str(user.pk)
    token[_STAMP] = password_stamp(user)
    return str(token)


@dataclass(frozen=True)
class Holder:
    """Whose the token is, and when that was proved, in seconds since 1970; 0 for a refreshed one."""

    user: User
    proved_at: int


def holder_of(raw: str) -> Holder:
    """The active owner of a valid access token, read from the database now; TokenRefused otherwise."""
    try:
        token = AccessToken(raw)  # type: ignore[arg-type]  # its stub knows only token objects
        users = User.objects.filter(pk=int(token[_OWNER]), is_active=True)
        if family := token.get(_FAMILY):
            users = users.filter(Exists(_living(uuid.UUID(str(family)))))
        user = users.first()
        stamp = str(token[_STAMP])
    except (TokenError, KeyError, ValueError) as error:
        raise TokenRefused from error
    if user is None or not constant_time_compare(stamp, password_stamp(user)):
        raise TokenRefused
    proved_at = token.get(PROVED_AT, 0)
    return Holder(user, proved_at if isinstance(proved_at, int) else 0)


def _living(family: uuid.UUID) -> QuerySet[RefreshToken]:
    return RefreshToken.objects.filter(family=family, user=OuterRef("pk"), revoked_at=None)


def password_stamp(user: User) -> str:
    """Changes with the user's password; tells nothing about it (HMAC with the site's key)."""
    return user.get_session_auth_hash()[:32]
