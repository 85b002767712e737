"""`wal.json` beside the segments: what each fetch brought, so that what is missing or changed later can be named.

A file once listed keeps its entry: a segment is written once, and one that differs from its entry is damaged."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import structlog

from integrations.backups.errors import BackupError

from . import walget
from .walget import HISTORY, INDEX, SAVED, SEGMENT, Damage, Index, Kept, digest_of, plain

log = structlog.get_logger(__name__)
SPOILT = "wal.json.estropeado"


def index_read(folder: Path) -> Index | None:
    """None where there is none. BackupError when it isn't what was written."""
    try:
        return walget.read_index(folder)
    except Damage as error:
        raise BackupError("wal_damaged", str(error)) from error


@contextmanager
def part_saved(folder: Path) -> Iterator[None]:
    """A fetch writes the unfinished segment anew from its beginning. Until it is through, the segment as it was before
    lies beside it: a fetch that is killed doesn't take back what the one before had brought."""
    index = index_or_none(folder)
    for path in folder.glob("*.gz.partial"):
        if index and path.name in index.files and _kept(path, "").sha256 == index.files[path.name].sha256:
            shutil.copy2(path, folder / f"{SAVED}{path.name}.new")
            (folder / f"{SAVED}{path.name}.new").replace(folder / f"{SAVED}{path.name}")
    yield
    for path in folder.glob(f"{SAVED}*"):
        path.unlink()


def index_or_none(folder: Path) -> Index | None:
    """For those who write it anew: one that is damaged is kept aside and told in the log."""
    try:
        return walget.read_index(folder)
    except Damage as error:
        log.error("backup.wal_index_damaged", reason=str(error))
        (folder / INDEX).replace(folder / SPOILT)
        return None


def index_update(folder: Path, system: str, until: datetime, position: str, segment_bytes: int) -> None:
    """List what the fetch brought."""
    before = index_or_none(folder)
    known = before.files if before else {}
    reaches = before.until if before else ""
    first_seen = {plain(file): kept.reaches for file, kept in known.items()}
    there = {path.name: path for path in folder.iterdir() if _is_listed(path.name)}
    files = {name: kept for name, kept in known.items() if not name.endswith(".partial")}
    for name, path in sorted(there.items()):
        if name.endswith(".partial") and f"{plain(name)}.gz" in there:
            continue
        if name not in files:
            files[name] = _kept(path, first_seen.get(plain(name), reaches))
    _write(folder, Index(system, until.isoformat(), position, files, segment_bytes))


def index_forget(folder: Path, first: str) -> None:
    """Segments before `first` were removed on purpose."""
    if index := index_or_none(folder):
        kept = {
            name: entry
            for name, entry in index.files.items()
            if not SEGMENT.fullmatch(plain(name)) or name[8:24] >= first[8:24]
        }
        if len(kept) < len(index.files):
            _write(folder, replace(index, files=kept))


def _is_listed(name: str) -> bool:
    return bool(SEGMENT.fullmatch(plain(name)) or HISTORY.fullmatch(plain(name)))


def _kept(path: Path, reaches: str) -> Kept:
    with path.open("rb") as file:
        return Kept(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest(), reaches)


def _write(folder: Path, index: Index) -> None:
    fields = asdict(index)
    text = json.dumps({**fields, "digest": digest_of(fields)}, ensure_ascii=False)
    scratch = folder / f".{INDEX}.new"
    scratch.touch(mode=0o600)
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(folder / INDEX)
