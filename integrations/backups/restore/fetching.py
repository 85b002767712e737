"""`--from` of a restore made a copy on this machine: a folder is used where it is, an object store is read first."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from integrations.backups.archive import storedread, wal, walget
from integrations.backups.archive.stored import FOLDER
from integrations.backups.encryption import SUFFIX, copy_opened
from integrations.backups.errors import BackupError
from integrations.backups.manifest import COPY_ID, NAME, read_manifest
from integrations.backups.services import source_server
from integrations.backups.sources import PROOF_NAME, Found, find

DOWNLOADS = ".descarga"


@contextmanager
def source_opened(text: str, at: datetime | None, identities: Sequence[Any]) -> Iterator[Found]:
    """What is fetched from a store is removed at the end of the block."""
    if text.startswith("s3://"):
        with _downloaded(text, at, identities) as found:
            yield found
        return
    folder = Path(text).expanduser().resolve()
    if not folder.is_dir():
        raise BackupError("no_copy", f"{text} is neither a folder nor an address s3://bucket/…")
    found = find(folder, at)
    if at is not None and found.folder.is_relative_to(settings.BACKUP_DIR.resolve()):
        _catch_up(found)
    with _readable(found, identities) as readable, tempfile.TemporaryDirectory(prefix="prs-") as room:
        yield replace(readable, bring=storedread.of_folder(found.folder.parent, identities, Path(room)).bring)


def _catch_up(found: Found) -> None:
    """When the copy is of the very server that runs, what it did since the last fetch belongs to the archive too.
    Into its own archive alone: the server gives each segment once; what another folder took would be a gap in it."""
    server = source_server()
    with server.connect() as db:
        row = db.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
    if row and row[0] == found.manifest.system:
        wal.wal_fetch(server, settings.BACKUP_DIR)


@contextmanager
def _readable(found: Found, identities: Sequence[Any]) -> Iterator[Found]:
    """A folder that was copied from a store holds the archive as the store does: encrypted."""
    files = [path.name for path in found.wal.iterdir()] if found.wal.is_dir() else []
    if not any(file.endswith(SUFFIX) for file in files):
        yield found
        return
    with _room() as room:
        opened = replace(found, wal=wal.wal_folder(room, found.manifest.system))
        _open_wal(opened, files, identities, lambda file, target: target.symlink_to(found.wal / file))
        yield opened


@contextmanager
def _room() -> Iterator[Path]:
    """A folder for what is read from elsewhere, gone at the end."""
    room = settings.BACKUP_DIR / DOWNLOADS
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True, mode=0o700)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


@contextmanager
def _downloaded(url: str, at: datetime | None, identities: Sequence[Any]) -> Iterator[Found]:
    name, copy_id = _place(url)
    with _room() as room:
        found = _download(name, copy_id, at, identities, room)
        yield replace(found, bring=storedread.of_store(name, identities, room / FOLDER).bring)


def _place(url: str) -> tuple[str, str]:
    """The store of that bucket and the copy, which may be left out: `s3://bucket`, `s3://bucket/respaldos/<copy>`."""
    parts = urlsplit(url)
    known = [name for name, options in settings.BACKUP_STORES.items() if options["bucket_name"] == parts.netloc]
    if not known:
        raise BackupError("unknown_store", f"no S3_… or S3_OFFSITE_… variable names the bucket {parts.netloc}")
    last = parts.path.rstrip("/").rpartition("/")[2]
    return known[0], last if COPY_ID.fullmatch(last) else ""


def _download(name: str, copy_id: str, at: datetime | None, identities: Sequence[Any], room: Path) -> Found:
    from integrations.backups import stores

    wanted = [copy_id] if copy_id else [folder for folder in stores.listed(name, "")[0] if COPY_ID.fullmatch(folder)]
    for folder in wanted:
        (room / folder).mkdir()
        for small in (NAME, PROOF_NAME):
            if small == NAME or stores.exists(name, f"{folder}/{small}"):
                stores.get(name, f"{folder}/{small}", room / folder / small)
    found = find(room, at)
    for part in read_manifest(found.folder / NAME).parts:
        stores.get(name, f"{found.folder.name}/{part.name}", found.folder / part.name)
    if at is not None:
        _download_wal(name, found, identities)
    return found


def _download_wal(name: str, found: Found, identities: Sequence[Any]) -> None:
    from integrations.backups import stores

    key = f"{wal.FOLDER}/{found.wal.name}"
    files = stores.listed(name, key)[1]
    _open_wal(found, files, identities, lambda file, target: stores.get(name, f"{key}/{file}", target))


def _open_wal(found: Found, files: list[str], identities: Sequence[Any], bring: Callable[[str, Path], object]) -> None:
    """Bring what a recovery of the copy reads into its folder of WAL, opened where it is encrypted."""
    found.wal.mkdir(parents=True, mode=0o700)
    for file in sorted(files):
        plain = file.removesuffix(SUFFIX)
        if not _is_read(plain, {other.removesuffix(SUFFIX) for other in files}, found.manifest.base_wal):
            continue
        bring(file, found.wal / file)
        if file != plain:
            with (found.wal / plain).open("wb") as target:
                copy_opened(found.wal / file, target, identities)
            (found.wal / file).unlink()


def _is_read(file: str, files: set[str], first: str) -> bool:
    """Segments from the first that the copy needs; not a part of one that is there as a whole, which stores keep."""
    if not wal.SEGMENT.fullmatch(file):
        return file == walget.INDEX or bool(walget.HISTORY.fullmatch(walget.plain(file)))
    return file[8:24] >= first[8:24] and not (file.endswith(".partial") and file.removesuffix(".partial") in files)
