"""`Idempotency-Key`: the same key and body give the first answer again; another body under the key is refused (422).

The record is written in the transaction of the change, and the unique index makes parallel repeats wait for the first.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from prsystem.core.errors import InvalidInput, KeyReused
from prsystem.core.models import IdempotencyRecord

MAX_KEY_LENGTH = 200
Method = Callable[..., Response]


def idempotent(method: Method) -> Method:
    """Decorator of a DRF view's write method. Without the header the method runs as it is."""

    @wraps(method)
    def wrapper(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return method(view, request, *args, **kwargs)
        if len(key) > MAX_KEY_LENGTH or not key.isascii() or not key.isprintable():
            raise InvalidInput.field("Idempotency-Key", _("At most 200 printable ASCII characters."))
        with transaction.atomic():
            return _once(key, lambda: method(view, request, *args, **kwargs), request)

    return wrapper


def _once(key: str, run: Callable[[], Response], request: Request) -> Response:
    fingerprint = _fingerprint(request)
    mine = IdempotencyRecord(scope=_scope(request), key=key, fingerprint=fingerprint)
    IdempotencyRecord.objects.bulk_create([mine], ignore_conflicts=True)
    record = IdempotencyRecord.objects.select_for_update().get(scope=mine.scope, key=key)
    if record.fingerprint != fingerprint:
        raise KeyReused()
    if record.status:
        return Response(record.body, status=record.status, headers={"Idempotent-Replayed": "true"})
    response = run()
    record.status, record.body = response.status_code, json.loads(json.dumps(response.data, default=str))
    record.save(update_fields=["status", "body"])
    return response


def _scope(request: Request) -> str:
    actor = request.actor  # type: ignore[attr-defined]
    return f"{actor.kind}:{actor.user_id or actor.label}"[:80]


def _fingerprint(request: Request) -> str:
    """Of method, path and body. Files count by name and size: a body isn't read twice."""
    files = sorted((name, file.name, file.size) for name, file in request.FILES.items())
    body = json.dumps([request.method, request.path, request.data, files], sort_keys=True, default=str)
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
