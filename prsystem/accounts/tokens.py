"""Access tokens (JWT, HS256, one hour). The only module that knows simplejwt."""

from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from .models import User

_OWNER, _STAMP = "sub", "sello"


class TokenRefused(Exception):
    """The token is malformed, expired, of another kind, or its owner may not use it any more."""


def access_token_for(user: User) -> str:
    """A signed token with `aud`, `iss`, `jti`, `exp`, the user's id, and a stamp that a change of password voids."""
    token = AccessToken()
    token[_OWNER] = str(user.pk)
    token[_STAMP] = password_stamp(user)
    return str(token)


def user_of(raw: str) -> User:
    """The active owner of a valid access token, read from the database now; TokenRefused otherwise."""
    try:
        token = AccessToken(raw)  # type: ignore[arg-type]  # its stub knows only token objects
        user = User.objects.filter(pk=int(token[_OWNER]), is_active=True).first()
        stamp = str(token[_STAMP])
    except (TokenError, KeyError, ValueError) as error:
        raise TokenRefused from error
    if user is None or not constant_time_compare(stamp, password_stamp(user)):
        raise TokenRefused
    return user


def password_stamp(user: User) -> str:
    """Changes with the user's password; tells nothing about it (HMAC with the site's key)."""
    return user.get_session_auth_hash()[:32]
