"""A sealed trail to look at and to tamper with, and a superuser who may do so."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from audit.seals import reading, sealing
from audit.services import record
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.rights import Rights


def person(number: int) -> Actor:
    return Actor(kind="user", label=f"persona{number}", user_id=number, rights=Rights(number))


def write_entries(count: int, start: int = 0) -> None:
    """One transaction each: by people and the system, about incidents and people."""
    for number in range(start, start + count):
        who = person(number % 5 + 1) if number % 3 else SYSTEM
        about = f"usuario:{number % 4 + 1}" if number % 7 == 0 else f"incidencia:{number}"
        with transaction.atomic():
            record(who, "incident.claimed", about, {"n": number, "campo": {"antes": 1.5, "despues": "ñ"}})


def seal_all(seconds: float = 180.0) -> int:
    """Seal everything that was written before this call; how many entries. Transactions of other tests on the same
    server hold the watermark back while they run."""
    total, upper, ends = 0, reading.moment().upper, time.monotonic() + seconds
    while True:
        passed = reading.moment().watermark >= upper
        sealed = sealing.batch_seal()
        total += sealed
        if not sealed and passed:
            return total
        assert time.monotonic() < ends, "the watermark didn't move"
        if not sealed:
            time.sleep(0.02)


@pytest.fixture
def trail(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """240 entries in batches of at most 20."""
    monkeypatch.setattr(sealing, "MAX_BATCH", 20)
    for part in range(8):
        write_entries(30, part * 30)
        seal_all()


@contextmanager
def superuser() -> Iterator[None]:
    """Triggers and constraints are off within the block; all is undone at its end."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        transaction.set_rollback(True)


def run(statement: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
