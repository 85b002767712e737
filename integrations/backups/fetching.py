"""`--from` of a restore made a copy on this machine: a folder is used where it is, an object store is read first."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from . import wal
from .errors import BackupError
from .manifest import COPY_ID, NAME, read_manifest
from .sealing import SUFFIX, copy_opened
from .services import source_server
from .sources import PROOF_NAME, Found, find

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
    if at is not None:
        _catch_up(found)
    yield found


def _catch_up(found: Found) -> None:
    """When the copy is of the very server that runs, what it did since the last fetch belongs to the archive too."""
    server = source_server()
    with server.connect() as db:
        row = db.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
    if row and row[0] == found.manifest.system:
        wal.wal_fetch(server, found.wal.parent.parent)


@contextmanager
def _downloaded(url: str, at: datetime | None, identities: Sequence[Any]) -> Iterator[Found]:
    name, copy_id = _place(url)
    room = settings.BACKUP_DIR / DOWNLOADS
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True, mode=0o700)
    try:
        yield _download(name, copy_id, at, identities, room)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _place(url: str) -> tuple[str, str]:
    """The store of that bucket and the copy, which may be left out: `s3://bucket`, `s3://bucket/respaldos/<copy>`."""
    parts = urlsplit(url)
    known = [name for name, options in settings.BACKUP_STORES.items() if options["bucket_name"] == parts.netloc]
    if not known:
        raise BackupError("unknown_store", f"no S3_… or S3_OFFSITE_… variable names the bucket {parts.netloc}")
    last = parts.path.rstrip("/").rpartition("/")[2]
    return known[0], last if COPY_ID.fullmatch(last) else ""


def _download(name: str, copy_id: str, at: datetime | None, identities: Sequence[Any], room: Path) -> Found:
    from . import stores

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
    """Segments from the first that the copy needs, opened where they are encrypted."""
    from . import stores

    key = f"{wal.FOLDER}/{found.wal.name}"
    found.wal.mkdir(parents=True, mode=0o700)
    for file in stores.listed(name, key)[1]:
        plain = file.removesuffix(SUFFIX)
        if wal.SEGMENT.fullmatch(plain) and plain[8:24] < found.manifest.base_wal[8:24]:
            continue
        stores.get(name, f"{key}/{file}", found.wal / file)
        if file != plain:
            with (found.wal / plain).open("wb") as target:
                copy_opened(found.wal / file, target, identities)
            (found.wal / file).unlink()
