"""Forms sent twice do their work once: the first result is given again."""

import re
from collections.abc import Callable, Iterable

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from prsystem.core.context import Actor
from prsystem.core.models import IdempotencyRecord

from .idempotency import fingerprints_of

DONE = 200
# Sent with every form that `{% once %}` stands in; the rest of what was sent is its content.
TOKEN, UNSIGNED = "token", frozenset({"token", "csrfmiddlewaretoken"})
_TOKEN = re.compile(r"[0-9a-f]{32}")


def accepted(request: HttpRequest, text: str) -> None:
    """Say that the form was taken. The page that follows names it, so that the browser drops its draft of it."""
    messages.success(request, text, extra_tags=_token_of(request))


def page_once(request: HttpRequest, actor: Actor, run: Callable[[], object]) -> str:
    """What `run` gives, as text, or gave the first time for the form that was sent: however often the button is
    pressed, also after going back. A form without a token runs each time."""
    token = _token_of(request)
    return form_once(actor, token, _content(request), lambda: str(run())) if token else str(run())


def page_result(request: HttpRequest, actor: Actor) -> str | None:
    """What the form that was sent gave already; None when it wasn't sent before. Ask before the form is checked: what
    it did may have made it invalid."""
    token = _token_of(request)
    return _result(_kept(actor, _keys(token, _content(request)))) if token else None


def _token_of(request: HttpRequest) -> str:
    token = request.POST.get(TOKEN, "")
    return token if _TOKEN.fullmatch(token) else ""


def _content(request: HttpRequest) -> list[str]:
    sent = [f"{name}={value}" for name, values in request.POST.lists() if name not in UNSIGNED for value in values]
    files = [f"{file.name}:{file.size}" for name in request.FILES for file in request.FILES.getlist(name)]
    return [request.path, *sorted(sent), *files]


def form_once(actor: Actor, token: str, content: Iterable[str], run: Callable[[], str]) -> str:
    """The result of `run`, or of its first run for the same person, form token and content.

    A corrected form sent again under its old token is another content, so it runs.
    """
    keys = _keys(token, content)
    with transaction.atomic():
        mine = IdempotencyRecord(scope=_scope(actor), key=keys[0])
        IdempotencyRecord.objects.bulk_create([mine], ignore_conflicts=True)
        result = _result(_kept(actor, keys).select_for_update())
        if result is None:
            result = run()
        _kept(actor, keys[:1]).update(status=DONE, body={"result": result})
    return result


def _keys(token: str, content: Iterable[str]) -> list[str]:
    """The one that the result is kept under, and those that it was kept under with the site's keys of before."""
    return [f"{token[:64]}:{fingerprint[:32]}" for fingerprint in fingerprints_of("\x1f".join(content))]


def _scope(actor: Actor) -> str:
    return f"page:{actor.user_id}"


def _kept(actor: Actor, keys: list[str]) -> QuerySet[IdempotencyRecord]:
    return IdempotencyRecord.objects.filter(scope=_scope(actor), key__in=keys)


def _result(kept: Iterable[IdempotencyRecord]) -> str | None:
    return next((str(record.body["result"]) for record in kept if record.status and record.body), None)
