"""Stored files of a restore: those of the copy, then those that the archive has of the time after it."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage

from integrations.backups import files
from integrations.backups.encryption import opened
from integrations.backups.errors import BackupError
from integrations.backups.manifest import FILES, Manifest
from integrations.backups.services import source_server
from integrations.backups.sources import Found
from prsystem.core.files.stored import StoreAway, store_reached


@dataclass
class Put:
    """How many files; `missing`: those that the database names and that are in the store no more than in the copies."""

    count: int
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def files_put(found: Found, manifest: Manifest, identities: Sequence[Any]) -> int:
    """Those of the copy that aren't there; how many it has. Names are random: one that is there is the same one."""
    part = manifest.part(FILES)
    if part is None:
        return 0
    count = 0
    with opened(found.folder / part.name, identities) as stream, files.unpacked(stream) as members:
        for name, content in members:
            count += 1
            with _store_of_files():
                if not default_storage.exists(name):
                    default_storage.save(name, File(content, name))
    return count


def archived_put(found: Found, count: int) -> Put:
    """Files that the database names and that aren't there, from the archive of files, beside `count` of the copy. What
    the archive hasn't got either is named: a restore that lacks files says so."""
    put = Put(count)
    with source_server().connect(autocommit=False) as db, _store_of_files():
        wanted = [name for name in files.names_in(db) if not default_storage.exists(name)]
    with tempfile.TemporaryDirectory(prefix="prs-") as room:
        for name in wanted:
            if _is_brought(found, name, Path(room) / "archivo", put.notes):
                put.count += 1
            else:
                put.missing.append(name)
    return put


def _is_brought(found: Found, name: str, scratch: Path, notes: list[str]) -> bool:
    try:
        if not found.bring(name, scratch):
            return False
    except BackupError as error:
        notes.append(str(error))
        return False
    with _store_of_files(), scratch.open("rb") as content:
        default_storage.save(name, File(content, name))
    return True


@contextmanager
def _store_of_files() -> Iterator[None]:
    try:
        with store_reached():
            yield
    except StoreAway as error:
        raise BackupError("store_failed", "the store of files doesn't answer; run the same command again") from error
