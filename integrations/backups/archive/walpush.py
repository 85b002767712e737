"""The continuous archive in the stores: each segment once, the unfinished one anew at every fetch."""

import json
import tempfile
from pathlib import Path

from integrations.backups import encryption as sealing
from integrations.backups import stores
from integrations.backups.errors import BackupError
from prsystem.core.bounds import deadlines

from . import wal
from .index import index_read
from .walget import INDEX, is_as_kept

SENT_PREFIX = ".enviados-"


def wal_push(folder: Path, recipients: list[object]) -> int:
    """Send to every store what it hasn't got; how many files. BackupError at the first that a store doesn't take."""
    return sum(_push_to(name, folder, recipients) for name in stores.names())


def _push_to(name: str, folder: Path, recipients: list[object]) -> int:
    """What was sent is known by the checksum of the archive's list: a segment that was damaged since doesn't take the
    place of the sound one. The list follows what it names."""
    index = index_read(folder)
    files = index.files if index else {}
    state = folder / f"{SENT_PREFIX}{name}"
    sent = sent_read(state)
    waiting = [file for file, kept in sorted(files.items()) if sent.get(file) not in (kept.sha256, kept.size)]
    for file in waiting:
        if not is_as_kept(folder / file, files[file]):
            raise BackupError("wal_damaged", f"{file} is not what the list says: it isn't sent to {name}")
        _send(name, folder / file, recipients)
        sent[file] = files[file].sha256
        sent_write(state, {known: digest for known, digest in sent.items() if known in files})
    if files:
        _send(name, folder / INDEX, [])
    return len(waiting)


def sent_read(state: Path) -> dict[str, str | int]:
    """file -> its checksum; its size where an older version sent it. One that was half written counts as none."""
    try:
        return dict(json.loads(state.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return {}


def sent_write(state: Path, sent: dict[str, str | int]) -> None:
    scratch = state.with_name(f"{state.name}.new")
    scratch.write_text(json.dumps(sent), encoding="utf-8")
    scratch.replace(state)


def _send(name: str, path: Path, recipients: list[object]) -> None:
    send(name, f"{wal.FOLDER}/{path.parent.name}/{path.name}", path, recipients)


def send(name: str, key: str, path: Path, recipients: list[object]) -> None:
    """One file to a store, encrypted for the recipients under the same key and the suffix of encrypted files.
    BackupError when the caller has no time left for it."""
    if deadlines.left() <= 0:
        raise BackupError("store_late", f"{name}: there was no time for {path.name}; it is sent in the next round")
    if not recipients:
        stores.put(name, key, path)
        return
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".cifrado-") as scratch, path.open("rb") as plain:
        part = sealing.store(plain, Path(scratch), path.name, recipients)
        stores.put(name, f"{key}{sealing.SUFFIX}", Path(scratch) / part.name)
