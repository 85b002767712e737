"""The continuous archive."""

import subprocess
import threading
from pathlib import Path

import pytest

from integrations.backups import pg
from integrations.backups.archive import wal
from integrations.backups.errors import BackupError
from integrations.backups.services import source_server
from prsystem.core.bounds import deadlines

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def reader(folder: Path) -> subprocess.Popen[bytes]:
    """Another program at the slot."""
    folder.mkdir()
    command = [pg.tool("pg_receivewal"), f"--directory={folder}", f"--slot={wal.SLOT}"]
    process = subprocess.Popen(command, env=source_server().environment(), cwd="/")
    with source_server().connect() as connection:
        held = "SELECT 1 FROM pg_replication_slots WHERE slot_name = %s AND active"
        while not connection.execute(held, [wal.SLOT]).fetchone():
            assert process.poll() is None
    return process


def test_a_fetch_waits_for_the_end_of_the_one_before(tmp_path: Path) -> None:
    first = wal.wal_fetch(source_server(), tmp_path / "copias")
    other = reader(tmp_path / "otro")
    end = threading.Timer(1.5, other.terminate)
    end.start()
    assert wal.wal_fetch(source_server(), tmp_path / "copias").until > first.until
    assert other.wait(30) == 0

    other = reader(tmp_path / "tercero")
    with deadlines.within(5), pytest.raises(BackupError, match="another program"):
        wal.wal_fetch(source_server(), tmp_path / "copias")
    other.terminate()
    assert other.wait(30) == 0
    assert wal.wal_fetch(source_server(), tmp_path / "copias").until > first.until
