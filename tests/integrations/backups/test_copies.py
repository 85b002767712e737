"""Copies: whole, proven, private; a failure is loud and touches no earlier copy."""

import json
import resource
import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from audit.models import AuditEntry
from incidents.models import Incident
from incidents.moves.attachments import attachment_add
from integrations.backups import services, sources
from integrations.backups.manifest import read_manifest
from integrations.backups.metrics import state
from integrations.backups.models import BackupRun
from integrations.backups.verify import verifying
from prsystem.accounts.models import Area, User
from prsystem.core.context import SYSTEM
from prsystem.core.models import OutboxEvent
from prsystem.runner.servers.postgres import binaries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("some_data")]


def run_json(*arguments: str) -> dict[str, object]:
    out = StringIO()
    call_command("backup", "run", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


def attach(text: str) -> None:
    incident, ana = Incident.objects.first(), User.objects.get(username="ana")
    file = ContentFile(text.encode(), name="nota.txt")
    attachment_add(actor=ana.as_actor(), incident_id=incident.pk, file=file, name="nota.txt", user=ana)


@pytest.fixture
def broken_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """PostgreSQL's tools, with a pg_dump that writes something and is then killed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for path in binaries().iterdir():
        (folder / path.name).symlink_to(path)
    (folder / "pg_dump").unlink()
    (folder / "pg_dump").write_text("#!/bin/sh\nhead -c 100000 /dev/zero\nkill -9 $$\n")
    (folder / "pg_dump").chmod(stat.S_IRWXU)
    monkeypatch.setenv("PRS_PG_BIN", str(folder))
    yield folder


def test_a_copy_is_proven_with_its_files_and_told(folder: Path) -> None:
    attach("El sensor B2 marca cero.")
    told = run_json("--tier", "daily")
    run = BackupRun.objects.get(copy_id=told["id"])
    assert told["verificado"] is True
    assert run.state == "done"
    assert (run.files, run.has_base, run.is_encrypted) == (1, True, False)
    manifest = read_manifest(Path(str(told["ruta"])) / "manifest.json")
    assert manifest.content.tables["incidents_incident"].rows == 5
    assert len(manifest.content.canaries["incidents_incident"]) == 5
    assert {path.name for path in folder.iterdir()} == {run.copy_id, "wal"}
    assert OutboxEvent.objects.get(event="respaldo.completado").payload["respaldo_id"] == run.copy_id
    assert AuditEntry.objects.filter(accion="backup.completed", recurso=run.resource).exists()
    assert state() == "ok"


@pytest.mark.usefixtures("light")
def test_a_plain_copy_holds_no_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_SECRET_ACCESS_KEY", "un-secreto-del-almacén")
    copy = Path(str(run_json()["ruta"]))
    kept = b"".join(path.read_bytes() for path in copy.iterdir())
    assert django_settings.SECRET_KEY.encode() not in kept
    assert b"un-secreto" not in kept
    assert json.loads((copy / "config.json").read_text())["withheld"][:1] == ["S3_SECRET_ACCESS_KEY"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in copy.iterdir())


@pytest.mark.usefixtures("light")
def test_either_recipient_opens_an_encrypted_copy_and_nobody_else(folder: Path, settings: Any) -> None:
    operations, escrow = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(operations.to_public()), str(escrow.to_public())]
    told = run_json()
    assert told["verificado"] is True
    copy = Path(str(told["ruta"]))
    assert all(path.suffix == ".age" for path in copy.glob("[!.]*") if path.suffix != ".json")
    for identity in (operations, escrow):
        assert verifying.copy_prove(copy, [identity], folder).problems == []
    with pytest.raises(services.BackupError, match="can't be decrypted"):
        verifying.copy_prove(copy, [pyrage.x25519.Identity.generate()], folder)
    opened = pyrage.decrypt((copy / "config.json.age").read_bytes(), [escrow])
    assert django_settings.SECRET_KEY in json.loads(opened)["files"].values()


@pytest.mark.usefixtures("light")
def test_a_killed_dump_fails_loudly_and_leaves_the_earlier_copy(folder: Path, request: pytest.FixtureRequest) -> None:
    before = run_json("--tier", "daily")
    request.getfixturevalue("broken_tool")
    with pytest.raises(CommandError, match="pg_dump"):
        run_json("--tier", "daily")
    failed = BackupRun.objects.get(state="failed")
    assert "pg_dump ended with -9" in failed.error
    assert {path.name for path in folder.iterdir()} == {before["id"]}
    assert OutboxEvent.objects.get(event="respaldo.fallido").payload["respaldo_id"] == failed.copy_id
    assert AuditEntry.objects.get(accion="backup.failed").resultado == "fallido"
    verifying.copy_check_files(folder / str(before["id"]))


@pytest.mark.usefixtures("light")
def test_a_disk_that_takes_no_more_fails_loudly(folder: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        run = services.backup_run(actor=SYSTEM)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert run.state == "failed"
    assert "OSError" in run.error
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("light")
def test_a_changed_byte_is_found_and_named(folder: Path) -> None:
    copy = Path(str(run_json()["ruta"]))
    dump = copy / "database.dump"
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    assert sources.find(folder, None).is_proven
    with pytest.raises(CommandError, match=r"database\.dump is not what was written"):
        call_command("backup", "verify", copy.name)
    assert state() == "error"
    assert not sources.find(folder, None).is_proven, "a restore from the folder would prefer it to an older, whole one"


@pytest.mark.usefixtures("light")
def test_a_copy_that_says_otherwise_than_its_source_is_not_verified(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from integrations.backups.copy import snapshot

    honest = snapshot.content_of

    def lying(*args: object, **kwargs: object) -> snapshot.Content:
        found = honest(*args, **kwargs)
        if "canary_ids" not in kwargs:
            found.tables["incidents_incident"] = snapshot.TableContent(6, "0")
        return found

    monkeypatch.setattr(snapshot, "content_of", lying)
    run = services.backup_run(actor=SYSTEM)
    assert run.state == "failed"
    assert "incidents_incident has 5 rows instead of 6" in run.error


@pytest.mark.usefixtures("light")
def test_only_one_at_a_time(folder: Path) -> None:
    with services.alone(services.source_server()), pytest.raises(CommandError, match="another backup"):
        run_json()
    assert not BackupRun.objects.exists()


@pytest.mark.usefixtures("light")
def test_a_killed_run_is_told_by_the_next_one(folder: Path, some_data: Area) -> None:
    dead = BackupRun.objects.create(copy_id="20260101T000000Z-daily", tier="daily", state="running", requested_by="x")
    (folder / f".en-curso-{dead.copy_id}").mkdir(parents=True)
    run_json()
    dead.refresh_from_db()
    assert (dead.state, dead.error) == ("failed", "killed: the run was killed before its end")
    assert not list(folder.glob(".en-curso-*"))


@pytest.mark.usefixtures("light")
def test_rows_come_from_the_snapshot_and_not_from_later(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written between the count and the dump is in neither."""
    from integrations.backups import pg

    dumping = pg.dumping

    def late(server: pg.Server, name: str) -> object:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE incidents_incident SET title = 'Otro'")
        return dumping(server, name)

    monkeypatch.setattr(pg, "dumping", late)
    assert services.backup_run(actor=SYSTEM).state == "done"
