"""A restore: into a new database, compared, then in its place; webhooks held until they are released."""

import json
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import ProgrammingError
from django.utils import timezone
from psycopg import sql

from audit.models import AuditEntry
from incidents.models import Incident
from integrations.backups.archive import walget
from integrations.backups.errors import BackupError
from integrations.backups.models import BackupRun, RestorePoint
from integrations.backups.restore import restoring, switching
from integrations.backups.restore.fetching import source_opened
from integrations.backups.retention import holding
from integrations.backups.selectors import is_held
from integrations.backups.services import history_adopt, source_server
from integrations.backups.sources import find
from integrations.mail.models import OutgoingMail
from integrations.mail.services import mail_collect, mail_send, mails_give_up
from integrations.webhooks import store
from integrations.webhooks.models import Delivery, Endpoint
from integrations.webhooks.sealing import new_secret, sealed
from prsystem.accounts.models import BrowserSession, User
from prsystem.accounts.sessions.services import sessions_end_of_all
from prsystem.core.context import SYSTEM
from prsystem.core.models import Job, OutboxEvent
from tests.incidents.makers import make_incident
from tests.people import api, browser, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("some_data")]


@pytest.fixture(autouse=True)
def _databases_of_before() -> Iterator[None]:
    """What restores keep is dropped after each test."""
    yield
    server = source_server()
    with server.other("postgres").connect() as admin:
        kept = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{server.database}_"])
        for (name,) in kept.fetchall():
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(autouse=True)
def _without_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "run_after_restore", lambda: None)


def backup() -> Path:
    out = StringIO()
    call_command("backup", "run", "--json", stdout=out)
    return Path(json.loads(out.getvalue())["ruta"])


def signed(copy: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest as if it had been made so."""
    del manifest["digest"]
    (copy / "manifest.json").write_text(json.dumps({**manifest, "digest": walget.digest_of(manifest)}))


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def restored(copy: Path, *arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("restore", "--from", str(copy), "--yes", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.usefixtures("light")
def test_a_copy_comes_back_and_what_was_there_is_kept(folder: Path) -> None:
    copy = backup()
    Incident.objects.all().update(title="Perdido")
    told = restored(copy, "--replace")
    assert told["id"] == copy.name
    assert not Incident.objects.filter(title="Perdido").exists()
    assert Incident.objects.count() == 5
    with source_server().other(told["base_anterior"]).connect() as before:
        assert before.execute("SELECT DISTINCT title FROM incidents_incident").fetchall() == [("Perdido",)]
    run = BackupRun.objects.get(copy_id=copy.name)
    assert (run.state, run.path) == ("done", str(copy))
    assert AuditEntry.objects.filter(accion="backup.restored", recurso=f"respaldo:{copy.name}").exists()
    assert is_held()
    assert User.objects.exclude(session_epoch=0).count() == User.objects.count()


@pytest.mark.usefixtures("light")
def test_a_database_in_use_is_not_replaced_unless_asked(folder: Path) -> None:
    copy = backup()
    Incident.objects.all().update(title="De hoy")
    with pytest.raises(CommandError, match="isn't empty"):
        restored(copy)
    assert Incident.objects.filter(title="De hoy").count() == 5
    assert not RestorePoint.objects.exists()


@pytest.mark.usefixtures("light")
def test_a_damaged_copy_changes_nothing(folder: Path) -> None:
    copy = backup()
    dump = copy / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-100])
    with pytest.raises(CommandError, match=r"database\.dump"):
        restored(copy, "--replace")
    assert Incident.objects.count() == 5


@pytest.mark.usefixtures("light")
def test_a_damaged_manifest_stands_in_the_way_of_no_other_copy(folder: Path) -> None:
    copy, broken = backup(), folder / "20260101T000000Z-daily"
    broken.mkdir()
    (broken / "manifest.json").write_bytes(b"\x00" * 40)
    assert find(folder, None).folder == copy
    assert history_adopt() == 0
    with pytest.raises(BackupError, match="not a manifest"):
        find(broken, None)


@pytest.mark.usefixtures("light")
def test_a_copy_that_does_not_hold_what_it_says_changes_nothing(folder: Path) -> None:
    copy = backup()
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["content"]["tables"]["incidents_incident"]["rows"] += 1
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CommandError, match=r"manifest\.json is not what was written"):
        restored(copy, "--replace")
    signed(copy, manifest)
    with pytest.raises(CommandError, match="5 rows instead of 6"):
        restored(copy, "--replace")
    assert not RestorePoint.objects.exists()


@pytest.mark.usefixtures("light")
def test_a_copy_of_a_later_version_is_refused(folder: Path) -> None:
    copy = backup()
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["content"]["migrations"].append("incidents.9999_later")
    signed(copy, manifest)
    with pytest.raises(CommandError, match="9999_later"):
        restored(copy, "--replace")


@pytest.mark.usefixtures("light")
def test_a_switch_that_fails_leaves_the_old_database_open(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = backup()

    def refused(admin: object, old: str, new: str) -> None:
        raise psycopg.errors.InsufficientPrivilege("must be owner of database")

    monkeypatch.setattr(switching, "_rename", refused)
    with pytest.raises(CommandError, match="must be owner of database"):
        restored(copy, "--replace")
    assert Incident.objects.count() == 5
    assert not RestorePoint.objects.exists()


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize(
    ("rights", "reason"), [("false, true", "may not make databases"), ("true, false", "programs are connected")]
)
def test_a_role_without_the_rights_is_told_before_anything_is_loaded(
    folder: Path, monkeypatch: pytest.MonkeyPatch, rights: str, reason: str
) -> None:
    copy = backup()
    monkeypatch.setattr(switching, "_RIGHTS", f"SELECT {rights}, %(database)s")
    monkeypatch.setattr(restoring.verifying, "load_dump", pytest.fail)
    with pytest.raises(CommandError, match=reason):
        restored(copy, "--replace")


@pytest.fixture
def held() -> RestorePoint:
    """One event and one delivery of before the restore, one event of after."""
    Endpoint.objects.create(name="erp", url="https://erp.example/x", sealed_secret=sealed(new_secret()))
    OutboxEvent.objects.all().delete()
    for resource in ("incidencia:1", "incidencia:2"):
        OutboxEvent.objects.create(event="incidencia.creada", resource=resource)
        if resource == "incidencia:1":
            store.relay(timezone.now())
    newest = OutboxEvent.objects.latest("pk").pk
    now = timezone.now()
    point = RestorePoint.objects.create(copy_id="x", taken_at=now, until=now, last_event_id=newest)
    OutboxEvent.objects.create(event="incidencia.creada", resource="incidencia:3")
    return point


def sendable() -> list[str]:
    """What the sender would send now."""
    now = timezone.now()
    store.relay(now)
    rooms = dict.fromkeys(Endpoint.objects.values_list("pk", flat=True), 10)
    ids = [due.id for due in store.due(rooms, [], now)]
    return sorted(Delivery.objects.filter(pk__in=ids).values_list("resource", flat=True))


def test_nothing_is_sent_until_the_release_and_then_only_what_is_new(held: RestorePoint) -> None:
    assert sendable() == []
    call_command("restore", "--release")
    assert sendable() == ["incidencia:3"]
    assert Delivery.objects.get(resource="incidencia:1").state == Delivery.State.DEAD
    with pytest.raises(CommandError, match=r"held|retenido"):
        call_command("restore", "--release")


def test_what_was_pending_is_sent_when_it_is_wanted(held: RestorePoint) -> None:
    point = holding.restore_release(actor=SYSTEM, resend=True)
    assert point.was_resent
    assert sendable() == ["incidencia:1", "incidencia:2", "incidencia:3"]


def pending_mail(number: int) -> OutgoingMail:
    return OutgoingMail.objects.create(
        key=f"k{number}",
        message_id=f"<{number}@x>",
        recipient="ana@planta.example",
        subject="Aviso",
        text="x",
        html="x",
    )


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[str]:
    """The keys of the mails that went out."""
    keys: list[str] = []
    settings.EMAIL_SERVER = object()
    monkeypatch.setattr("integrations.mail.services.compose", lambda mail, server, site: mail.key)
    monkeypatch.setattr("integrations.mail.services.smtp.send", lambda server, message, recipient: keys.append(message))
    return keys


def test_mails_wait_for_the_release_and_those_of_the_copy_are_not_sent_again(
    held: RestorePoint, sent: list[str]
) -> None:
    old = pending_mail(1)
    mails_give_up(reason=holding.RESTORED)
    new = pending_mail(2)
    for mail in (old, new):
        mail_send(mail_id=mail.pk)
    assert sent == []
    waiting = Job.objects.filter(kind="mail.send", state="pending").values_list("payload", flat=True)
    assert list(waiting) == [{"mail_id": new.pk}]
    call_command("restore", "--release")
    for mail in (old, new):
        mail_send(mail_id=mail.pk)
    assert sent == ["k2"]
    old.refresh_from_db()
    assert (old.state, old.last_error) == (OutgoingMail.State.FAILED, holding.RESTORED)


def test_mails_of_the_copy_are_sent_when_it_is_wanted(held: RestorePoint, sent: list[str]) -> None:
    old = pending_mail(1)
    mails_give_up(reason=holding.RESTORED)
    holding.restore_release(actor=SYSTEM, resend=True)
    mail_send(mail_id=old.pk)
    assert sent == ["k1"]


def test_no_mail_is_fetched_before_the_release(held: RestorePoint, settings: Any) -> None:
    settings.IMAP_SERVER = object()
    assert mail_collect() == 0


def test_everybody_signs_in_anew() -> None:
    luis = make_user("luis", "l1")
    page, call = browser(luis), api(luis)
    assert (page.get("/incidencias/").status_code, call.get("/api/yo").status_code) == (200, 200)
    assert sessions_end_of_all(actor=SYSTEM) == User.objects.count()
    assert page.get("/incidencias/").status_code == 302
    assert not BrowserSession.objects.exists()
    assert AuditEntry.objects.filter(accion="session.ended_of_all").exists()


@pytest.mark.slow
def test_a_dropped_table_is_back_as_it_was_the_second_before(folder: Path) -> None:
    """The physical copy rolled forward by the archive; the file of the last, unfinished segment included."""
    backup()
    ana = User.objects.get(username="ana")
    make_incident(ana, title="Después de la copia")
    time.sleep(1.1)
    moment = datetime.now(UTC)
    time.sleep(1.1)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE incidents_incident CASCADE")
    with pytest.raises(ProgrammingError):
        Incident.objects.count()
    told = restored(folder, "--at", moment.isoformat(), "--replace")
    assert datetime.fromisoformat(told["hasta"]) < moment, "the last commit before the moment"
    assert Incident.objects.filter(title="Después de la copia").exists()
    assert Incident.objects.count() == 6


@pytest.mark.slow
def test_the_archive_brings_back_all_that_was_fetched(folder: Path) -> None:
    backup()
    make_incident(User.objects.get(username="ana"), title="La última")
    told = restored(folder, "--at", "latest", "--replace")
    assert Incident.objects.filter(title="La última").exists()
    assert datetime.fromisoformat(told["hasta"]) <= datetime.now(UTC)


@pytest.mark.slow
def test_a_copy_elsewhere_takes_no_segment_from_the_sites_own_archive(folder: Path, tmp_path: Path) -> None:
    backup()
    elsewhere = Path(shutil.copytree(folder, tmp_path / "memoria"))
    make_incident(User.objects.get(username="ana"), title="La última")
    for source, grows in ((elsewhere, False), (folder, True)):
        before = contents(source / "wal")
        with source_opened(str(source), datetime.now(UTC), ()):
            assert (contents(source / "wal") != before) is grows


@pytest.mark.parametrize(
    "moment", ["ayer", "2026-13-01", "2026-02-30T10:00:00", "9999-01-01", "0001-01-01T00:00:00+14:00"]
)
def test_a_moment_that_is_none_is_refused(folder: Path, moment: str) -> None:
    folder.mkdir()
    with pytest.raises(CommandError, match="--at"):
        restored(folder, "--at", moment)


def test_a_key_file_that_is_no_text_is_refused(folder: Path, tmp_path: Path) -> None:
    key = tmp_path / "llave"
    key.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="--identity"):
        restored(tmp_path, "--identity", str(key))


def test_without_anybody_to_answer_nothing_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(""))
    with pytest.raises(CommandError, match=r"Nothing|nada"):
        call_command("restore", "--from", str(tmp_path))
