"""The checklist of an installation: each check, the table, the JSON, the exit."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from integrations.backups.models import BackupRun, RestorePoint
from integrations.preflight import CHECKS, copies, machine, network, parts, people, safety, watching
from prsystem.accounts.models import User
from prsystem.core.health import preflight
from prsystem.core.health.preflight import FAIL, OFF, PASS, WARN, Finding, Result
from prsystem.demo_accounts import PASSWORD
from prsystem.mail_servers import parse_mail_server
from prsystem.runner.endpoints import free_port
from tests.people import make_user

pytestmark = pytest.mark.django_db
LOCAL = "tests.integrations.preflight.test_preflight"


def nothing_wrong() -> Finding:
    return preflight.good("bien")


def too_slow() -> Finding:
    time.sleep(1.5)
    return preflight.good()


def breaks() -> Finding:
    raise ZeroDivisionError("secreto-en-el-error")


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Only the named functions of this module are the checklist."""

    def choose(*names: str) -> None:
        checks = {name: preflight.Check(name, "pre", name, f"{LOCAL}.{name}") for name in names}
        monkeypatch.setattr(preflight, "_checks", checks)

    return choose


def test_a_check_that_breaks_or_hangs_fails_and_shows_no_secret(only: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "SECONDS", 0.2)
    only("nothing_wrong", "too_slow", "breaks")
    out = StringIO()
    with pytest.raises(CommandError, match="too_slow, breaks"):
        call_command("preflight", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["resultado"] == FAIL
    assert [row["estado"] for row in told["comprobaciones"]] == [PASS, FAIL, FAIL]
    assert "secreto" not in out.getvalue()


def test_all_well_exits_with_zero(only: Any) -> None:
    only("nothing_wrong")
    out = StringIO()
    call_command("preflight", "--phase", "pre", stdout=out)
    assert "bien" in out.getvalue()


def test_the_worst_finding_is_the_result() -> None:
    check = preflight.Check("x", "pre", "x", "x")
    found = [Result(check, Finding(state)) for state in (PASS, OFF, WARN)]
    assert preflight.worst(found) == WARN
    assert preflight.worst([]) == PASS


def test_every_check_of_the_list_is_there_and_says_something() -> None:
    """In a test's environment; whatever is found, each names its state and, when it fails, what to do."""
    for result in preflight.results():
        assert result.finding.state in (PASS, WARN, FAIL, OFF), result.check.name
        if result.finding.state == FAIL:
            assert result.finding.advice, result.check.name
    assert {check.phase for check in preflight._checks.values()} == set(preflight.PHASES)
    assert {name for name, *_rest in CHECKS} <= set(preflight._checks)


@pytest.mark.parametrize(("gigabytes", "demo", "state"), [(64, True, PASS), (8, True, WARN), (8, False, FAIL)])
def test_memory_is_held_against_the_table(
    monkeypatch: pytest.MonkeyPatch, settings: Any, gigabytes: int, demo: bool, state: str
) -> None:
    settings.DEMO_ALLOWED = demo
    monkeypatch.setattr(machine.os, "cpu_count", lambda: 8)
    monkeypatch.setattr(machine.psutil, "virtual_memory", lambda: type("M", (), {"total": gigabytes * machine.GIB})())
    assert machine.hardware().state == state


def test_a_default_password_is_found_and_its_absence_too() -> None:
    assert safety.default_passwords().state == PASS
    make_user("eva", password=PASSWORD)
    found = safety.default_passwords()
    assert (found.state, "eva" in str(found.detail)) == (FAIL, True)
    User.objects.filter(username="eva").update(is_active=False)
    assert safety.default_passwords().state == PASS


def test_key_files_that_others_may_read_fail(settings: Any, tmp_path: Any) -> None:
    settings.LAYOUT = type("L", (), {"data": tmp_path})()
    (tmp_path / "audit_key").write_text("x")
    (tmp_path / "audit_key").chmod(0o644)
    assert safety.secrets().state == FAIL
    (tmp_path / "audit_key").chmod(0o600)
    assert safety.secrets().state in (PASS, WARN)


def test_names_without_an_address_fail(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["no-existe.invalid"]
    assert network.dns().state == FAIL
    settings.ALLOWED_HOSTS = ["localhost"]
    assert network.dns().state == OFF


def test_a_port_that_another_program_has_fails(settings: Any, prometheus: str) -> None:
    settings.PORT = int(prometheus.rpartition(":")[2])
    assert network.web_port().state == FAIL
    settings.PORT = 1
    assert network.web_port().state == PASS


def test_backups_are_asked_for_and_found() -> None:
    assert copies.fresh().state == FAIL
    now = timezone.now()
    BackupRun.objects.create(
        copy_id="c", tier="daily", state="done", taken_at=now, verified_at=now, requested_by="x", finished_at=now
    )
    assert copies.fresh().state == PASS
    RestorePoint.objects.create(copy_id="c", taken_at=now, until=now, last_event_id=0)
    assert copies.released().state == FAIL


def test_an_archive_that_is_not_brought_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "may_replicate", lambda server: True)
    assert copies.archive().state == WARN, "only just started"
    now = timezone.now()
    run = BackupRun.objects.create(copy_id="h", tier="hourly", state="failed", error="wal_lost: x", requested_by="x")
    assert (copies.archive().state, copies.archive().detail) == (FAIL, "wal_lost: x")
    run.state, run.taken_at = "done", now
    run.save()
    assert copies.archive().state == PASS
    run.taken_at = now - timedelta(hours=2)
    run.save()
    assert copies.archive().state == FAIL


def test_recipients_are_two(settings: Any) -> None:
    settings.BACKUP_RECIPIENTS = ["age1x"]
    assert copies.encrypted().state == WARN
    settings.BACKUP_RECIPIENTS = ["age1x", "age1y"]
    settings.BACKUP_IDENTITY = ""
    assert copies.encrypted().state == WARN, "nobody here can open them for the drill"
    settings.BACKUP_IDENTITY = "AGE-SECRET-KEY-1…"
    assert copies.encrypted().state == PASS


def test_the_database_is_recent_migrated_and_checksummed() -> None:
    found = parts.database()
    assert (found.state, str(found.detail).startswith("PostgreSQL")) == (PASS, True)


def test_mail_servers_that_are_away_fail_and_those_not_given_are_off(settings: Any) -> None:
    assert people.mail().state == people.mailbox().state == OFF
    settings.EMAIL_SERVER = parse_mail_server("smtp://127.0.0.1:9")
    settings.IMAP_SERVER = parse_mail_server("imap://127.0.0.1:9")
    for found in (people.mail(), people.mailbox()):
        assert (found.state, str(found.detail)) == (FAIL, "127.0.0.1:9: ConnectionRefusedError")


def test_mail_servers_that_answer_pass(settings: Any) -> None:
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink

    server = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        settings.EMAIL_SERVER = parse_mail_server(f"smtp://127.0.0.1:{server.port}")
        assert people.mail().state == PASS
    finally:
        server.stop()


class _Rules(BaseHTTPRequestHandler):
    health = "ok"

    def do_GET(self) -> None:
        groups = [{"rules": [{"name": "RespaldoViejo", "health": self.health}]}]
        body = json.dumps({"data": {"groups": groups}}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def prometheus() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Rules)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize(("health", "state"), [("ok", PASS), ("err", FAIL)])
def test_alerts_are_asked_for_at_prometheus(
    settings: Any, prometheus: str, monkeypatch: pytest.MonkeyPatch, health: str, state: str
) -> None:
    monkeypatch.setattr(_Rules, "health", health)
    settings.PROMETHEUS_URL = prometheus
    assert watching.alerts().state == state
