"""One backup, check or restore at a time, over all processes and hosts: a lock of the database, freed by a kill."""

from collections.abc import Iterator
from contextlib import contextmanager

from prsystem.core.bounds import deadlines

from .errors import Busy
from .pg import Server

BACKUP_LOCK = 7_305_118
FETCH_LOCK = 7_305_119
FETCH_WAIT = 230.0


@contextmanager
def alone(server: Server) -> Iterator[None]:
    """Busy when another one is at work. Held by a connection of its own, to another database
    than the one that it is about, which a restore replaces."""
    with server.other("postgres").connect() as connection:
        query = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
        row = connection.execute(query, [BACKUP_LOCK, server.database]).fetchone()
        if not (row and row[0]):
            raise Busy
        yield


@contextmanager
def one_fetch(server: Server) -> Iterator[None]:
    """One fetch of WAL at a time per cluster: it has one slot. The others wait."""
    with server.other("postgres").connect() as connection:
        seconds = max(min(FETCH_WAIT, deadlines.left()), 0.001)
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds * 1000:.0f}ms"])
        connection.execute("SELECT pg_advisory_lock(%s)", [FETCH_LOCK])
        yield
