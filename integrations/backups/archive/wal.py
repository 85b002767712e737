"""The continuous archive: WAL is fetched from the server through a slot of its own, up to the moment of the fetch.

PostgreSQL's own pg_receivewal does it, in short runs: the last, unfinished segment is fetched again by the next one. So
the server needs no archive command, and one that nobody fetches from keeps its WAL (up to `max_slot_wal_keep_size`). A
fetch that doesn't come to its end keeps the segments that it has brought, and the next one goes on behind them.
"""

import re
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import structlog

from integrations.backups import pg
from integrations.backups.errors import BackupError
from integrations.backups.locking import one_fetch
from prsystem.core.bounds import deadlines

from .index import index_forget, index_update, part_saved

log = structlog.get_logger(__name__)
SLOT = "prs_respaldo"
FOLDER = "wal"
FETCH_SECONDS = 200  # all of it, by the clock
SLOT_SECONDS = 20.0
SEGMENT = re.compile(r"[0-9A-F]{24}\.gz(\.partial)?")
SLOT_LOST = "the server no longer keeps the WAL since the last fetch: make a new copy"
SLOT_BUSY = "another program reads the WAL through the same slot"
ANEW = ".de-nuevo"
# What the server says when it can't go on from where the folder ends; in Spanish too, as its `lc_messages` may be.
REFUSED = re.compile(r"requested (WAL segment|starting point)|(segmento de WAL|punto de inicio) solicitado")


@dataclass(frozen=True)
class Fetched:
    """Everything committed before `until`, by the server's clock, is in the archive, and no further in the WAL than
    `position`."""

    until: datetime
    system: str
    position: str
    segment_bytes: int
    folder: Path


def wal_fetch(server: pg.Server, root: Path) -> Fetched:
    """Bring the archive under `root` up to now. BackupError when the role may not replicate or WAL is lost."""
    with deadlines.within(FETCH_SECONDS), one_fetch(server):
        fetched, end = _mark(server, root)
        folder = fetched.folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _check_slot(server)
        _await_slot(server)
        with part_saved(folder):
            _anew_keep(folder)  # of one that was killed
            _receive_all(server, folder, end)
            index_update(folder, fetched.system, fetched.until, fetched.position, fetched.segment_bytes)
        return fetched


def _receive_all(server: pg.Server, folder: Path, end: str) -> None:
    """pg_receivewal goes on from the last segment of the folder. Where the server says that it hasn't got what follows
    (the folder lost its end, the slot is new after a failover), it goes on from what the slot keeps: the gap stays, is
    told by the checks of the archive, and a new copy starts behind it."""
    try:
        _receive(server, folder, end)
    except BackupError as error:
        if not REFUSED.search(str(error)):
            raise
        log.warning("backup.wal_anew", system=folder.name)
        _receive_anew(server, folder, end)


def _receive_anew(server: pg.Server, folder: Path, end: str) -> None:
    scratch = folder / ANEW
    scratch.mkdir(mode=0o700)
    try:
        _receive(server, scratch, end)
    finally:
        _anew_keep(folder)


def _anew_keep(folder: Path) -> None:
    """What was received beside the folder belongs into it, however that ended: the slot has told the server that it is
    kept. A whole segment that is listed stays as it is."""
    for scratch in folder.glob(f"{ANEW}*"):
        for path in scratch.iterdir():
            if (folder / path.name.removesuffix(".partial")).exists():
                path.unlink()
            else:
                path.replace(folder / path.name)
        scratch.rmdir()


def _receive(server: pg.Server, folder: Path, end: str) -> None:
    common = (f"--directory={folder}", f"--slot={SLOT}")
    pg.run("pg_receivewal", *common, "--create-slot", "--if-not-exists", server=server, seconds=60)
    options = (f"--endpos={end}", "--no-loop", "--compress=gzip:1")
    pg.run("pg_receivewal", *common, *options, server=server)


def wal_folder(root: Path, system: str) -> Path:
    return root / FOLDER / system


def _mark(server: pg.Server, root: Path) -> tuple[Fetched, str]:
    """Commit a record; what a fetch up to it brings, and the position just before its end, which pg_receivewal stops
    at once it has passed it.

    The record also makes every moment up to now reachable: recovery to a moment needs a later commit. Its commit waits
    for the disk whatever the server is set to: the position is that of the last flush, and would be before it. What
    was committed before `until` lies before the record, whose `position` a recovery must reach; the flush itself may
    end in the middle of another one."""
    with server.connect() as connection:
        connection.execute("SET synchronous_commit = local")
        until = _value(connection, "SELECT clock_timestamp()")
        position = _value(connection, "SELECT pg_logical_emit_message(true, 'pr-system', 'wal')::text")
        system = _value(connection, "SELECT system_identifier::text FROM pg_control_system()")
        size = _value(connection, "SELECT pg_size_bytes(current_setting('wal_segment_size'))")
        end = str(_value(connection, "SELECT pg_current_wal_flush_lsn() - 1"))
        return Fetched(until, system, position, int(size), wal_folder(root, system)), end


def _check_slot(server: pg.Server) -> None:
    """A slot whose WAL is gone is dropped, so that the next fetch starts anew, and told."""
    with server.connect() as connection:
        lost = connection.execute(
            "SELECT slot_name FROM pg_replication_slots WHERE slot_name = %s AND wal_status = 'lost'", [SLOT]
        ).fetchone()
        if lost:
            connection.execute("SELECT pg_drop_replication_slot(%s)", [SLOT])
            raise BackupError("wal_lost", SLOT_LOST)


def _await_slot(server: pg.Server) -> None:
    """The server lets go of the slot only a moment after who used it has ended."""
    ends_at = time.monotonic() + min(SLOT_SECONDS, deadlines.left())
    with server.connect() as connection:
        held = "SELECT 1 FROM pg_replication_slots WHERE slot_name = %s AND active"
        while connection.execute(held, [SLOT]).fetchone():
            if time.monotonic() > ends_at:
                raise BackupError("wal_busy", SLOT_BUSY)
            time.sleep(0.2)


def wal_prune(folder: Path, first: str) -> int:
    """Remove segments before `first` (of any timeline); how many. Histories of timelines stay."""
    if not first:
        return 0
    gone = [path for path in folder.iterdir() if SEGMENT.fullmatch(path.name) and path.name[8:24] < first[8:24]]
    for path in gone:
        path.unlink()
    index_forget(folder, first)
    return len(gone)


def _value(connection: psycopg.Connection, statement: Any) -> Any:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]
