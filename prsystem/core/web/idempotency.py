"""Writes that may be repeated: the first answer is kept beside the change and given again.

The record is written in the transaction of the change, and the unique index makes parallel repeats wait for the first.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from rest_framework.utils.encoders import JSONEncoder

from prsystem.core.context import Actor
from prsystem.core.errors import KeyReused
from prsystem.core.keyed import keyed_digests
from prsystem.core.models import IdempotencyRecord

KEPT = timedelta(days=7)


def fingerprints_of(content: str) -> list[str]:
    """What is kept of a request to know it again: an HMAC of its SHA-256 with the site's key, 64 hexadecimal digits.
    After it what may have been kept of it before: with the keys that were the site's, and without one."""
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    return [*keyed_digests("core.idempotency", digest), digest]


@dataclass(frozen=True)
class Kept:
    """An answer as it was given the first time."""

    status: int
    body: Any
    is_replay: bool


def answer_once(*, actor: Actor, key: str, fingerprints: list[str], run: Callable[[], tuple[int, Any]]) -> Kept:
    """Run and keep (status, JSON body), or give what was kept for this actor and key.

    `fingerprints` as of `fingerprints_of`. KeyReused when the key came with none of them before. An error of `run`
    keeps nothing.
    """
    scope = f"{actor.kind}:{actor.user_id or actor.label}"[:80]
    with transaction.atomic():
        mine = IdempotencyRecord(scope=scope, key=key, fingerprint=fingerprints[0])
        IdempotencyRecord.objects.bulk_create([mine], ignore_conflicts=True)
        record = IdempotencyRecord.objects.select_for_update().get(scope=scope, key=key)
        if record.fingerprint not in fingerprints:
            raise KeyReused()
        if record.status:
            return Kept(record.status, record.body, is_replay=True)
        record.status, body = run()
        record.body = json.loads(json.dumps(body, cls=JSONEncoder))
        record.save(update_fields=["status", "body"])
    return Kept(record.status, record.body, is_replay=False)
