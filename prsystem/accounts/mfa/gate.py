"""The second step of signing in with a browser, and the gate for whoever must set up a second factor first."""

from collections.abc import Callable
from time import time
from typing import cast

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from prsystem.accounts.models import User
from prsystem.accounts.sign_in.throttle import TooManyAttempts, hits_count
from prsystem.core.api.problems import problem_response
from prsystem.core.errors import DomainError

from .challenges import PROVE, assertion_options, challenge_take, site_here
from .key_services import key_check
from .selectors import has_factor, is_factor_required
from .services import CodeRefused, FactorMissing, code_check

PENDING, DUE = "second_step", "second_factor_due"
PENDING_SECONDS = 300
OPEN_NAMES = ("second_factor", "sign_out", "theme_set", "language_set")
Handler = Callable[[HttpRequest], HttpResponse]


def second_step_begin(request: HttpRequest, user: User, target: str) -> None:
    """The password was right: remember whose, in a session that is nobody's yet."""
    backend = getattr(user, "backend", settings.AUTHENTICATION_BACKENDS[-1])
    request.session[PENDING] = {"user": user.pk, "backend": backend, "at": int(time()), "next": target}


def second_step_user(request: HttpRequest) -> User | None:
    """Who still has to give the second factor; None once five minutes have gone by."""
    pending = request.session.get(PENDING)
    if not pending or time() - pending["at"] > PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is not None:
        user.backend = pending["backend"]
    return user


def factor_due_note(request: HttpRequest, user: User) -> None:
    """Right after signing in: a role may ask for a second factor that isn't there."""
    if is_factor_required(user) and not has_factor(user):
        request.session[DUE] = True


def person_is_there(request: HttpRequest, given: str) -> bool:
    """For `core.step_up`: key or code of whoever has a second factor, else the password; wrong ones are counted."""
    user = cast(User, request.user)
    if has_factor(user):
        try:
            factor_check(request, user, given)
        except CodeRefused:
            return False
        return True
    attempts, seconds = hits_count(f"step-up|{user.pk}", 60)
    if attempts > 5:
        raise TooManyAttempts(retry_after=max(seconds, 1))
    found = authenticate(request, username=user.username, password=given)
    request.axes_locked_out = False  # type: ignore[attr-defined]
    return found is not None and found.pk == user.pk


def factor_check(request: HttpRequest, user: User, given: str) -> None:
    """One text for both: the answer of a security key is JSON, and no code begins like that. Raises CodeRefused."""
    if given.startswith("{"):
        challenge = challenge_take(request, PROVE)
        key_check(user, site=site_here(request), challenge=challenge, answer=given)
    else:
        code_check(user, given[:60].replace("\x00", ""))


def key_offer(request: HttpRequest) -> str:
    """For `core.step_up`: what its page asks the person's security keys, if there are any."""
    return assertion_options(request, cast(User, request.user))


class SecondFactorMiddleware:
    """Nothing but setting it up is open to whoever owes a second factor."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.COOKIES and request.session.get(DUE) and request.path not in _open_paths():
            if request.path.startswith("/api/"):
                return problem_response(cast(DomainError, FactorMissing()), request)
            return redirect("second_factor")
        return self.get_response(request)


def _open_paths() -> set[str]:
    return {reverse(name) for name in OPEN_NAMES}
