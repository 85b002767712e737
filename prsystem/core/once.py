"""Forms sent twice do their work once: the first result is given again."""

from collections.abc import Callable, Iterable

from django.db import transaction

from .context import Actor
from .idempotency import fingerprint_of
from .models import IdempotencyRecord

DONE = 200


def form_once(actor: Actor, token: str, content: Iterable[str], run: Callable[[], str]) -> str:
    """The result of `run`, or of its first run for the same person, form token and content.

    A corrected form sent again under its old token is another content, so it runs.
    """
    digest = fingerprint_of("\x1f".join(content))
    scope, key = f"page:{actor.user_id}", f"{token[:64]}:{digest[:32]}"
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
