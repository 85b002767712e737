"""Signing in with name and password for the API: throttle, lockout, check, in this order."""

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from prsystem.core.errors import DomainError
from prsystem.core.middleware import client_ip

from .lockout import LockedOut
from .models import User
from .names import canonical_username
from .throttle import attempt_count, attempts_forget


class WrongCredentials(DomainError):
    """The same for an unknown name, a wrong password and an inactive account."""

    code = "credenciales_invalidas"
    status = 401
    message = _("The user name or the password is not right.")


class TooManyAttempts(DomainError):
    code = "demasiadas_peticiones"
    status = 429
    message = _("Too many attempts to sign in. Wait a moment.")


def user_sign_in(request: HttpRequest, username: str, password: str) -> User:
    """The person with this name and password.

    Raises TooManyAttempts (`retry_after`) beyond 5 failures a minute per address and account, LockedOut, and
    WrongCredentials after the same work for known and unknown names: Django hashes the password either way.
    """
    name, address = canonical_username(username), client_ip(request)
    if seconds := attempt_count(address, name):
        raise TooManyAttempts(retry_after=seconds)
    if not AxesProxyHandler.is_allowed(request, {"username": name}):
        raise LockedOut(retry_after=int(settings.AXES_COOLOFF_TIME.total_seconds()))
    user = authenticate(request=request, username=name, password=password)
    # Set by the failure that reaches the limit: that one is still a 401, as for a name that doesn't exist.
    request.axes_locked_out = False  # type: ignore[attr-defined]
    if not isinstance(user, User):
        raise WrongCredentials()
    attempts_forget(address, name)
    user_logged_in.send(sender=User, request=request, user=user)
    return user
