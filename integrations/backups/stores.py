"""Copies in S3 stores, through django-storages: the site's own (`s3`) and the second site's (`offsite`).

Uploading needs the right to write and no other. Where the store has Object Lock, each object is locked for as long as
its copy is to be kept, so that nobody can remove or replace it earlier, this program included.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile, File

from integrations.backups.retention.rules import KEPT
from prsystem.core.bounds.stores import BoundedS3Storage, StoreNonsense

from .errors import BackupError

PREFIX = "respaldos"


class BackupStorage(BoundedS3Storage):
    """An S3 bucket that is written to once per name. `lock` is COMPLIANCE, GOVERNANCE or empty."""

    # Of a copy of the whole database in parts of 8 MB; each of them has its time, all together need what they need.
    most_requests, operation_seconds, exchange_seconds = 20_000, 6 * 3600.0, 300.0
    most_bytes = 2**43  # as much as S3 takes in one object

    def __init__(self, *, lock: str = "", **options: Any) -> None:
        limits = Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 3, "mode": "standard"})
        super().__init__(client_config=limits, location=PREFIX, file_overwrite=True, querystring_auth=True, **options)
        self.lock = lock

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        parameters = dict(super().get_object_parameters(name))
        if self.lock:
            until = datetime.now(UTC) + KEPT[tier_of(name)]
            parameters |= {"ObjectLockMode": self.lock, "ObjectLockRetainUntilDate": until}
        return parameters


def tier_of(name: str) -> str:
    """Of a copy's object by the name of its copy; the WAL's is hourly."""
    tier = name.rpartition("/")[0].rpartition("-")[2]
    return tier if tier in KEPT else "hourly"


def names() -> list[str]:
    """The stores that the operator has named."""
    return list(settings.BACKUP_STORES)


@cache
def store(name: str) -> BackupStorage:
    return BackupStorage(**settings.BACKUP_STORES[name])


@contextmanager
def _failing_as(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise BackupError("store_missing", f"{name}: {error}") from error
    except ClientError as error:
        raise BackupError("store_refused", f"{name}: {error.response['Error'].get('Code', 'error')}") from error
    except (BotoCoreError, Boto3Error, StoreNonsense) as error:
        raise BackupError("store_failed", f"{name}: {_cause(error)}") from error


def _cause(error: Exception) -> str:
    """The kind of what failed; boto's own texts name hosts and are long."""
    inner = error.__cause__ or error.__context__
    code = inner.response["Error"].get("Code", "") if isinstance(inner, ClientError) else ""
    return code or type(inner or error).__name__


def put(name: str, key: str, path: Path) -> None:
    """Upload one file, in parts when it is large. The store checks it by its checksum."""
    with _failing_as(name), path.open("rb") as file:
        store(name).save(key, File(file, path.name))


def probe(name: str) -> bool:
    """Write a small object; whether it can be locked against everybody. BackupError when it can't be written."""
    with _failing_as(name):
        store(name).save(f"preflight/{datetime.now(UTC):%Y%m%dT%H%M%S}.txt", ContentFile(b"ok"))
    return bool(store(name).lock)


def put_copy(name: str, folder: Path) -> None:
    """Every part of a copy, the manifest after the parts: an object store has no renaming."""
    kept = (path for path in folder.iterdir() if not path.name.startswith("."))
    parts = sorted(kept, key=lambda path: (path.suffix == ".json", path.name))
    for path in parts:
        put(name, f"{folder.name}/{path.name}", path)


def get(name: str, key: str, path: Path) -> None:
    """Download one object. BackupError when it isn't there, or all of it can't be read."""
    with _failing_as(name), store(name).open(key) as source, path.open("wb") as target:
        for block in source.chunks(1024 * 1024):
            target.write(block)
        if (size := source.size) != target.tell():
            raise BackupError("store_short", f"{name}: {target.tell()} of {size} bytes of {key} were received")


def exists(name: str, key: str) -> bool:
    with _failing_as(name):
        return bool(store(name).exists(key))


def listed(name: str, folder: str) -> tuple[list[str], list[str]]:
    """The folders and the files of a folder."""
    with _failing_as(name):
        folders, files = store(name).listdir(folder)
        return sorted(filter(_is_plain, folders)), sorted(filter(_is_plain, files))


def _is_plain(name: str) -> bool:
    """A store that isn't ours may list what leads out of the folder that it is downloaded into."""
    return "/" not in name and not name.startswith(".")


def remove_copy(name: str, copy_id: str) -> bool:
    """False when the store keeps it: by its lock, or because these credentials may only write."""
    try:
        for file in listed(name, copy_id)[1]:
            with _failing_as(name):
                store(name).delete(f"{copy_id}/{file}")
    except BackupError:
        return False
    return True
