"""Copies of the test database into a folder of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from integrations.backups import copying, examining, scratch, verifying
from integrations.backups.pg import Server
from integrations.backups.services import source_server
from prsystem.accounts.models import Area
from prsystem.core.rights import Role
from tests.incidents.makers import make_incident
from tests.people import make_area, make_user


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.BACKUP_DIR = tmp_path / "respaldos"
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "respaldos"


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the logical part, restored into another database of the test's server: a new cluster takes seconds, and the
    physical part copies the databases of all test processes."""
    monkeypatch.setattr(copying, "may_replicate", lambda server: False)
    monkeypatch.setattr(scratch, "empty_cluster", _this_server)
    monkeypatch.setattr(examining, "examine", lambda server, only: examining.Examination())
    monkeypatch.setattr(verifying, "DATABASE", f"copia_{source_server().database}")


@contextmanager
def _this_server(folder: Path) -> Iterator[Server]:
    server = source_server().other("postgres")
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(verifying.DATABASE))
    with server.connect() as connection:
        connection.execute(drop)
        try:
            yield server
        finally:
            connection.execute(drop)


@pytest.fixture
def some_data(transactional_db: None) -> Area:
    """Incidents that were committed: pg_dump sees nothing else."""
    area = make_area("PROD")
    ana = make_user("ana", Role.REPORTER, areas=[area])
    for number in range(5):
        make_incident(ana, title=f"La banda {number} no arranca")
    return area
