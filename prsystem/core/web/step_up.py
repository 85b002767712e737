"""Asking again who it is before something grave: all that is changed by the right of an administrator, and the export
of the audit trail.

One gate for pages, console and API, and one list for all three: ORDINARY says what isn't grave. A new act of the
console or the API is grave until it stands there. The gate wants proof not older than RECENT_SECONDS: the password or,
for whoever has a second factor, a code or a security key. How to check it is registered by the app of accounts, which
is above this one.
"""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import ResolverMatch
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from prsystem.core.errors import NotAllowed

RECENT_SECONDS = 600
# Doors: the name of an address; for an act above a list of the console, of the list, a colon and the act.
ORDINARY: dict[str, tuple[str, ...]] = {
    "failed work is tried once more; nothing changes but the time": (
        *("core_job_changelist:retry", "health_retry", "api_job_retry", "api_jobs_retry"),
        *("integrations_outgoingmail_changelist:send_again", "api_mail_again"),
    ),
    "a model is named and examined; none is used before it is promoted": (
        *("incidents_chatmodelcandidate_add", "incidents_chatmodelcandidate_change"),
        *("incidents_chatmodelcandidate_changelist:examine", "api_chat_models", "api_chat_model_examine"),
    ),
    "editors write these too, without an administrator's right": (
        *("knowledge_article_change", "knowledge_glossaryterm_add", "knowledge_glossaryterm_change"),
        "knowledge_glossaryterm_delete",
    ),
    "it shows what a table would change": ("sheet_plan",),
    "out": ("logout",),
}
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
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


def is_grave(request: HttpRequest) -> bool:
    """Whether the request changes something by an administrator's right that ORDINARY doesn't name."""
    if request.method in SAFE_METHODS:
        return False
    match = request.resolver_match
    return match is None or any(is_grave_door(door) for door in _doors(match, request))


def is_grave_door(door: str) -> bool:
    return all(door.removesuffix("_slash") not in doors for doors in ORDINARY.values())


def _doors(match: ResolverMatch, request: HttpRequest) -> list[str]:
    """A list of the console has two fields for its act, and the form says which one counts: all of them do here."""
    name = match.url_name or ""
    acts = request.POST.getlist("action") if name.endswith("_changelist") else []
    return [f"{name}:{act}" for act in acts if act] or [name]


def console_gate(view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponse]:
    """For every page of the console: it may be looked at freely, grave acts ask for proof."""
    proved = step_up(view)

    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer | HttpResponse:
        return (proved if is_grave(request) else view)(request, *args, **kwargs)

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
    """For what is no less grave to look at in the console: one's form asks for proof too, and the list doesn't."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return step_up(super().changeform_view)(request, *args, **kwargs)  # type: ignore[misc]

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return step_up(super().delete_view)(request, *args, **kwargs)  # type: ignore[misc]


class ProvedLately(BasePermission):
    """For the API: a token of a sign-in not older than RECENT_SECONDS, or a session that has proved it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        claim = getattr(request._request, PROVED_AT, None)
        session = getattr(request._request, "session", {})
        if is_recent(claim) or (claim is None and is_recent(session.get(PROVED_AT))):
            return True
        raise StepUpRequired()
