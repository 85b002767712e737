"""Asking again who it is before something grave: API keys, webhook targets, roles, restore, export of the audit trail.

One gate for pages, console and API. It wants proof not older than RECENT_SECONDS: the password or, for whoever has a
second factor, a code or a security key. How to check it is registered by the app of accounts, which is above this one.
"""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from .errors import NotAllowed

RECENT_SECONDS = 600
PROVED_AT = "proved_at"  # in the session, and a claim of access tokens
FIELD = "confirmacion"
Answer = TypeVar("Answer", bound=HttpResponseBase)
Verifier = Callable[[HttpRequest, str], bool]
Offer = Callable[[HttpRequest], str]
_verifier: list[tuple[Verifier, Offer]] = []


class StepUpRequired(NotAllowed):
    """The caller has the right, but signed in too long ago for this."""

    code = "step_up_requerido"
    message = _("Confirm who you are: sign in again, then repeat this within ten minutes.")


def register(verifier: Verifier, offer: Offer) -> None:
    """`verifier` says whether the text proves that the signed-in person is there; it counts wrong ones. `offer` is what
    the page asks the person's security keys."""
    _verifier[:] = [(verifier, offer)]


def prove(request: HttpRequest) -> None:
    """Remember that the person has just proved who it is."""
    request.session[PROVED_AT] = int(time())


def is_recent(moment: object) -> bool:
    return isinstance(moment, int) and 0 <= time() - moment <= RECENT_SECONDS


def has_proved(request: HttpRequest) -> bool:
    """Whether it was proved lately; a form sent with the proof in it counts too."""
    if is_recent(request.session.get(PROVED_AT)):
        return True
    given = request.POST.get(FIELD, "") if request.method == "POST" else ""
    if not given or not _verifier[0][0](request, given):
        return False
    prove(request)
    return True


def step_up(view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponse]:
    """A page that asks for proof first. What was being sent is kept in the page and goes on once it is given."""

    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer | HttpResponse:
        if not request.user.is_authenticated or has_proved(request):
            return view(request, *args, **kwargs)
        return _ask(request)

    return gated


def step_up_to_write(view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponse]:
    """As `step_up`, for a page that may be looked at freely: what it sends asks for proof."""
    proved = step_up(view)

    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer | HttpResponse:
        return (proved if request.method == "POST" else view)(request, *args, **kwargs)

    return gated


def _ask(request: HttpRequest) -> HttpResponse:
    is_wrong = FIELD in request.POST
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in (FIELD, "csrfmiddlewaretoken") and "password" not in name
    ]
    context = {
        "kept": kept,
        "is_wrong": is_wrong,
        "field": FIELD,
        "target": request.get_full_path(),
        "key_options": _verifier[0][1](request),
    }
    return render(request, "step_up.html", context, status=403 if is_wrong else 200)


class StepUpAdmin:
    """For the console: looking at a list is free, everything else asks for proof."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return step_up(super().changeform_view)(request, *args, **kwargs)  # type: ignore[misc]

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return step_up(super().delete_view)(request, *args, **kwargs)  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return step_up_to_write(super().changelist_view)(request, *args, **kwargs)  # type: ignore[misc]


class ProvedLately(BasePermission):
    """For the API: a token of a sign-in not older than RECENT_SECONDS, or a session that has proved it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        claim = getattr(request._request, PROVED_AT, None)
        session = getattr(request._request, "session", {})
        if is_recent(claim) or (claim is None and is_recent(session.get(PROVED_AT))):
            return True
        raise StepUpRequired()
