"""`--from` of a restore made a copy on this machine: a folder is used where it is, an object store is read first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from . import wal
from .errors import BackupError
from .services import source_server
from .sources import Found, find


@contextmanager
def source_opened(text: str, at: datetime | None) -> Iterator[Found]:
    """What is fetched from a store is removed at the end of the block."""
    folder = Path(text).expanduser().resolve()
    if not folder.is_dir():
        raise BackupError("no_copy", f"{text} is neither a folder nor the address of a store")
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
