"""Forms sent twice do their work once: the first result is given again."""

import hashlib
import re
from collections.abc import Callable, Iterable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from .context import Actor
from .models import IdempotencyRecord

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
    scope, key, _digest = _key(actor, token, _content(request))
    record = IdempotencyRecord.objects.filter(scope=scope, key=key, status=DONE).first() if token else None
    return str(record.body["result"]) if record and record.body else None


def _token_of(request: HttpRequest) -> str:
    token = request.POST.get(TOKEN, "")
    return token if _TOKEN.fullmatch(token) else ""


def _content(request: HttpRequest) -> list[str]:
    sent = [f"{name}={value}" for name, values in request.POST.lists() if name not in UNSIGNED for value in values]
    files = [f"{file.name}:{file.size}" for name in request.FILES for file in request.FILES.getlist(name)]
    return [request.path, *sorted(sent), *files]


def _key(actor: Actor, token: str, content: Iterable[str]) -> tuple[str, str, str]:
    digest = hashlib.sha256("\x1f".join(content).encode("utf-8", "surrogatepass")).hexdigest()
    return f"page:{actor.user_id}", f"{token[:64]}:{digest[:32]}", digest


def form_once(actor: Actor, token: str, content: Iterable[str], run: Callable[[], str]) -> str:
    """The result of `run`, or of its first run for the same person, form token and content.

    A corrected form sent again under its old token is another content, so it runs.
    """
    scope, key, digest = _key(actor, token, content)
    with transaction.atomic():
        IdempotencyRecord.objects.bulk_create(
            [IdempotencyRecord(scope=scope, key=key, fingerprint=digest)], ignore_conflicts=True
        )
        record = IdempotencyRecord.objects.select_for_update().get(scope=scope, key=key)
        if record.status and record.body:
            return str(record.body["result"])
        result = run()
        record.status, record.body = DONE, {"result": result}
        record.save(update_fields=["status", "body"])
    return result
