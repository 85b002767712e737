"""Checking name and password for pages and API: throttles, lockout, check, in this order."""

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.mfa.services import code_require
from prsystem.accounts.models import User
from prsystem.accounts.names import canonical_username
from prsystem.core.errors import DomainError
from prsystem.core.telemetry.metrics import LOGIN_FAILURES
from prsystem.core.web.middleware import client_ip

from .devices import is_known_device
from .lockout import LockedOut
from .throttle import TooManyAttempts, attempt_count, attempts_forget, hits_count, hits_seen

# Failures in a quarter of an hour after which an account is closed to all devices but those it has signed in from, and
# an address to all accounts but those. High: one attacker must not be able to lock many people out.
WIDE_SECONDS = 900
ACCOUNT_FAILURES = 50
ADDRESS_FAILURES = 100


class WrongCredentials(DomainError):
    """The same for an unknown name, a wrong password and an inactive account."""

    code = "credenciales_invalidas"
    status = 401
    message = _("The user name or the password is not right.")


def user_sign_in(request: HttpRequest, username: str, password: str, otp: str = "") -> User:
    """For the API: the person with this name, password and, where there is a second factor, code."""
    user = credentials_check(request, username, password)
    code_require(user, otp)
    credentials_right(request, user)
    user_logged_in.send(sender=User, request=request, user=user)
    return user


def credentials_check(request: HttpRequest, username: str, password: str) -> User:
    """The person with this name and password, who isn't signed in by that yet.

    Raises TooManyAttempts (`retry_after`) beyond 5 failures a minute per address and account, and beyond many from
    everywhere; LockedOut; WrongCredentials after the same work for known and unknown names: Django hashes the password
    either way; DirectoryDown.
    """
    name, address = canonical_username(username), client_ip(request)
    if seconds := attempt_count(address, name):
        LOGIN_FAILURES.labels("demasiados_intentos").inc()
        raise TooManyAttempts(retry_after=seconds)
    _require_few_failures(request, name, address)
    if not AxesProxyHandler.is_allowed(request, {"username": name}):
        LOGIN_FAILURES.labels("bloqueado").inc()
        raise LockedOut(retry_after=int(settings.AXES_COOLOFF_TIME.total_seconds()))
    user = authenticate(request=request, username=name, password=password)
    # Set by the failure that reaches the limit: that one is still a 401, as for a name that doesn't exist.
    request.axes_locked_out = False  # type: ignore[attr-defined]
    if not isinstance(user, User):
        for wide in _wide(name, address):
            hits_count(wide, WIDE_SECONDS)
        raise WrongCredentials()
    return user


def credentials_right(request: HttpRequest, user: User) -> None:
    """Everything was right: the failures of this address and account are forgotten."""
    attempts_forget(client_ip(request), user.username)


def _require_few_failures(request: HttpRequest, name: str, address: str) -> None:
    of_account, of_address = hits_seen(*_wide(name, address))
    if of_account < ACCOUNT_FAILURES and of_address < ADDRESS_FAILURES:
        return
    if not is_known_device(request, name):
        LOGIN_FAILURES.labels("demasiados_intentos").inc()
        raise TooManyAttempts(retry_after=WIDE_SECONDS)


def _wide(name: str, address: str) -> tuple[str, str]:
    return f"account|{name}", f"address|{address}"
