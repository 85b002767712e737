"""One backup, check or restore at a time, over all processes and hosts: a lock of the database, freed by a kill."""

from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Busy
from .pg import Server

BACKUP_LOCK = 7_305_118


@contextmanager
def alone(server: Server) -> Iterator[None]:
    """Busy when another one is at work. Held by a connection of its own."""
    with server.connect() as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [BACKUP_LOCK]).fetchone()
        if not (row and row[0]):
            raise Busy
        yield
