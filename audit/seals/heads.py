"""Heads of the chain kept outside the database: in the object store, under Object Lock where the bucket has it, or in
a folder of the data folder. Whoever cuts off the end of the trail can't take them back."""

import base64
import binascii
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from prsystem.core.files.stored import StoreAway, store_reached

from . import reading
from .canonical import batch_from
from .reading import StoredBatch
from .verifying import ExportedHead

log = structlog.get_logger(__name__)
STORAGE = "audit"
MAX_HEAD_BYTES = 10_000


def head_as_data(batch: StoredBatch) -> dict[str, Any]:
    """The header of a batch with its head and signature, as JSON."""
    return {**vars(batch.header), "head": batch.head.hex(), "signature": base64.b64encode(batch.signature).decode()}


def head_from_text(text: str) -> ExportedHead:
    """An exported head; ValueError when the text isn't one."""
    if len(text) > MAX_HEAD_BYTES:
        raise ValueError("head")
    data = json.loads(text)
    if not isinstance(data, Mapping):
        raise ValueError("head")
    try:
        signature = base64.b64decode(str(data["signature"]), validate=True)
    except (KeyError, binascii.Error) as error:
        raise ValueError("signature") from error
    return ExportedHead(batch_from(data), signature)


def head_export_if_there() -> None:
    """By the clock: a store that is away gets the head at the next round."""
    with suppress(StoreAway):
        head_export()


def head_export() -> str:
    """Write the newest head to the store; its name, empty when there is none or it was written before.
    StoreAway when the store doesn't answer."""
    batch = reading.batch_newest()
    if batch is None:
        return ""
    name = f"{batch.header.sealed_at[:10].replace('-', '/')}/{batch.header.number:020d}.json"
    store = _store()
    with store_reached():
        if store.exists(name):
            return ""
        store.save(name, ContentFile(json.dumps(head_as_data(batch), indent=1).encode()))
    log.info("audit.head_exported", batch=batch.header.number)
    return name


def _store() -> Storage:
    store = storages[STORAGE]
    if settings.AUDIT_LOCK_DAYS and hasattr(store, "object_parameters"):
        until = datetime.now(UTC) + timedelta(days=settings.AUDIT_LOCK_DAYS)
        store.object_parameters = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
    return store


def head_newest() -> ExportedHead | None:
    """The newest exported head; None when there is none. ValueError when the file was spoilt, StoreAway when the
    store doesn't answer."""
    with store_reached():
        return _newest(storages[STORAGE])


def _newest(store: Storage) -> ExportedHead | None:
    folder = ""
    for _level in ("year", "month", "day"):
        folders = _listed(store, folder)[0]
        if not folders:
            return None
        folder = f"{folder}/{max(folders)}".lstrip("/")
    files = [name for name in _listed(store, folder)[1] if name.endswith(".json")]
    if not files:
        return None
    with store.open(f"{folder}/{max(files)}") as file:
        return head_from_text(file.read(MAX_HEAD_BYTES + 1).decode())


def _listed(store: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return store.listdir(folder)
    except FileNotFoundError:
        return [], []
