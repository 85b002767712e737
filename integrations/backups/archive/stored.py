"""The archive of stored files: each file that a row names and that the oldest physical copy in use hasn't got, once,
brought at every fetch of WAL. With it a restore to a moment finds the attachments that were made since the copy.

`archivos/` lies beside the copies; `archivos.json` lists it. Names are random and content never changes, so that a file
is copied once and one that differs from its entry is damaged.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage

from integrations.backups import files, pg
from integrations.backups.errors import BackupError
from prsystem.core.bounds import deadlines
from prsystem.core.files.stored import StoreAway, store_reached

from .checking import everything
from .proving import Base, wal_problems
from .walget import digest_of

FOLDER = "archivos"
INDEX = "archivos.json"
CHUNK = 1024 * 1024
SPARE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Entry:
    """`seen_at` (ISO 8601) is when a row was first found to name the file."""

    size: int
    sha256: str
    seen_at: str


@dataclass
class Collected:
    """What one tick did; `is_done` is False when its time was over before all was brought."""

    copied: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    failed: dict[str, BackupError] = field(default_factory=dict)
    is_done: bool = True


def stored_collect(server: pg.Server, root: Path, base: Base) -> Collected:
    """Bring what `base` hasn't got; forget what it has."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    known, covered = entries_read(folder), base.file_marks
    kept = {name: entry for name, entry in known.items() if not _is_over(name, entry, base, covered)}
    with server.connect(autocommit=False) as db:
        row = db.execute("SELECT statement_timestamp()").fetchone()
        seen_at = row[0].isoformat() if row else ""
        new = [name for name in files.names_in(db) if name not in kept and files.mark_of(name) not in covered]
    collected = Collected()
    try:
        _bring(new, folder, seen_at, kept, collected)
    finally:  # what was brought counts, whatever came after it
        if kept != known:
            _write(folder, kept)
    for name in known.keys() - kept.keys():
        inside(folder, name).unlink(missing_ok=True)
    return collected


def _bring(new: list[str], folder: Path, seen_at: str, kept: dict[str, Entry], collected: Collected) -> None:
    """A file that can't be read, or has no room, doesn't keep the others waiting. What the caller has no time left for
    is brought at the next tick."""
    for name in new:
        if deadlines.left() <= 0:
            collected.is_done = False
            return
        try:
            entry = _copy(name, folder, seen_at)
        except BackupError as error:
            collected.failed[name] = error
            continue
        if entry:
            kept[name] = entry
            collected.copied.append(name)
        else:
            collected.missing.append(name)


def _is_over(name: str, entry: Entry, base: Base, covered: frozenset[bytes]) -> bool:
    """The copy has it, or no moment after the copy names it any more."""
    if files.mark_of(name) in covered:
        return True
    return datetime.fromisoformat(entry.seen_at) < base.taken_at and name not in base.files_missing


def inside(folder: Path, name: str) -> Path:
    """Where a stored file lies in the archive; a name that leaves the folder is refused."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or not parts.parts:
        raise BackupError("bad_name", f"the stored file {name} has a name that leaves the folder")
    return folder / parts


def _copy(name: str, folder: Path, seen_at: str) -> Entry | None:
    """None when the store has no such file."""
    target = inside(folder, name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = target.with_name(f".{target.name}.new")
    digest, size = hashlib.sha256(), 0
    try:
        with store_reached(), default_storage.open(name) as source:
            _check_room(folder, source.size)
            with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                while block := source.read(CHUNK):
                    digest.update(block)
                    size += len(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
        scratch.replace(target)
    except FileNotFoundError:
        return None
    except StoreAway as error:
        raise BackupError("store_failed", f"the stored file {name} can't be read") from error
    finally:
        scratch.unlink(missing_ok=True)
    return Entry(size, digest.hexdigest(), seen_at)


def _check_room(folder: Path, size: int) -> None:
    if (free := shutil.disk_usage(folder).free) < size + SPARE_BYTES:
        raise BackupError("no_room", f"{free >> 20} MiB free in {folder}: the archive of files can't go on")


def entries_read(folder: Path) -> dict[str, Entry]:
    """name -> entry. BackupError when the list isn't what was written."""
    try:
        fields = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        if fields.pop("digest") != digest_of(fields):
            raise ValueError("digest")
        return {name: Entry(**entry) for name, entry in fields["files"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(
            "files_damaged", f"{INDEX}, the list of the archive of files, is not what was written"
        ) from error


def _write(folder: Path, entries: dict[str, Entry]) -> None:
    fields = {"files": {name: asdict(entry) for name, entry in sorted(entries.items())}}
    scratch = folder / f".{INDEX}.new"
    scratch.touch(mode=0o600)
    scratch.write_text(json.dumps({**fields, "digest": digest_of(fields)}, ensure_ascii=False), encoding="utf-8")
    scratch.replace(folder / INDEX)


def stored_faults(root: Path, *, deep: Callable[[str], bool]) -> dict[str, str]:
    """name -> what is wrong with it in the archive."""
    folder = root / FOLDER
    faults = {}
    for name, entry in entries_read(folder).items():
        path = inside(folder, name)
        if not path.is_file():
            faults[name] = f"the stored file {name} is missing in the archive"
        elif path.stat().st_size != entry.size or (deep(name) and not is_as_listed(path, entry)):
            faults[name] = f"the stored file {name} is damaged in the archive"
    return faults


def stored_forget(root: Path, names: Iterable[str]) -> None:
    """So that they are brought again."""
    folder, gone = root / FOLDER, set(names)
    _write(folder, {name: entry for name, entry in entries_read(folder).items() if name not in gone})


def is_as_listed(path: Path, entry: Entry) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256


def archive_problems() -> list[str]:
    """Everything that the continuous archive holds, read through: WAL and stored files."""
    faults = stored_faults(settings.BACKUP_DIR, deep=everything)
    return [*wal_problems(), *faults.values()]
