"""Copies of the test database into a folder of the test's own."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from psycopg import sql

from incidents.models import Attachment, Incident
from incidents.moves.attachments import attachment_add
from integrations.backups import ticking
from integrations.backups.archive import wal
from integrations.backups.copy import making as copying
from integrations.backups.pg import Server
from integrations.backups.restore import fetching, restoring, scratch
from integrations.backups.services import backup_run, source_server
from integrations.backups.verify import examining, verifying
from prsystem.accounts.models import Area, User
from prsystem.core.context import SYSTEM
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


SEGMENTS = 4
BEFORE, AFTER = "Antes de la copia.", "Después de la copia."
_made: dict[str, Path] = {}


@dataclass(frozen=True)
class Archive:
    """A folder of copies of a site that is lost: a physical copy with 5 incidents and a file, and what the continuous
    archive has of the time after it: 5 more incidents and a second file."""

    root: Path

    @property
    def folder(self) -> Path:
        """Of WAL."""
        [found] = (self.root / wal.FOLDER).iterdir()
        return found

    @property
    def copy(self) -> Path:
        [found] = self.root.glob("*-manual")
        return found

    @property
    def segments(self) -> list[Path]:
        """From the first that the copy needs."""
        first = json.loads((self.copy / "manifest.json").read_text())["base_wal"]
        return sorted(path for path in self.folder.glob("0*.gz") if path.name >= first)

    @property
    def part(self) -> Path:
        [found] = self.folder.glob("0*.gz.partial")
        return found


@pytest.fixture
def archive(folder: Path, some_data: object, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Made once, by the first test that needs it; each damages its own."""
    if not _made:
        _make(folder)
        _made["root"] = tmp_path_factory.mktemp("archivo") / "respaldos"
        shutil.copytree(folder, _made["root"])
        shutil.rmtree(folder)
        shutil.rmtree(folder.parent / "media")
    shutil.copytree(_made["root"], folder)
    return Archive(folder)


def _make(root: Path) -> None:
    server, ana = source_server(), User.objects.get(username="ana")
    attach(BEFORE)
    run = backup_run(actor=SYSTEM)
    assert (run.state, run.has_base) == ("done", True)
    attach(AFTER)
    for number in range(SEGMENTS):
        make_incident(ana, title=f"Después {number}")
        with server.connect() as db:
            db.execute("SELECT pg_switch_wal()")
        if number % 2:
            wal.wal_fetch(server, root)
    make_incident(ana, title="La última")
    hour = ticking.wal_collect()
    assert hour is not None
    assert (hour.state, hour.error) == ("done", "")


def attach(text: str) -> str:
    """The name by which the file is stored."""
    incident, ana = Incident.objects.first(), User.objects.get(username="ana")
    assert incident is not None
    file = ContentFile(text.encode(), name="nota.txt")
    attachment_add(actor=ana.as_actor(), incident_id=incident.pk, file=file, name="nota.txt", user=ana)
    return str(Attachment.objects.latest("pk").file.name)


@pytest.fixture
def site_lost(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is fetched from the running server before a restore; what restores keep is dropped after the test."""
    monkeypatch.setattr(restoring, "run_after_restore", lambda: None)
    monkeypatch.setattr(fetching, "_catch_up", lambda found: None)
    yield
    server = source_server()
    with server.other("postgres").connect() as admin:
        kept = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{server.database}_"])
        for (name,) in kept.fetchall():
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def restored(
    archive: Archive, at: str = "latest", *, source: str = "", options: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What the command tells; CommandError as it raises it."""
    out = StringIO()
    place = source or str(archive.root)
    try:
        call_command("restore", "--from", place, "--at", at, "--replace", "--yes", "--json", *options, stdout=out)
    finally:
        told = json.loads(out.getvalue() or "{}")
    return dict(told)
