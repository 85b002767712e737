"""One backup, check or restore at a time, over all processes and hosts: a lock of the database, freed by a kill."""

from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Busy
from .pg import Server

BACKUP_LOCK = 7_305_118
FETCH_LOCK = 7_305_119
FETCH_WAIT = "SET lock_timeout = '230s'"


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
        connection.execute(FETCH_WAIT)
        connection.execute("SELECT pg_advisory_lock(%s)", [FETCH_LOCK])
        yield
