"""The trail taken out: what each format holds, that it is audited, what is refused."""

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.export.formats import ACCOUNT_CHANGE, AUTHENTICATION, ENTITY_MANAGEMENT, FIELDS, ocsf_event
from audit.models import AuditEntry
from audit.services import record
from prsystem.core.context import SYSTEM, Actor

pytestmark = pytest.mark.django_db
ANA = Actor(kind="user", label="ana", user_id=7)


def exported(path: Path, *options: str) -> list[str]:
    call_command("audit_export", "--output", str(path), *options, stderr=StringIO())
    return path.read_text(encoding="utf-8").splitlines()


def test_json_lines_hold_every_field_and_the_export_is_an_entry(tmp_path: Path) -> None:
    record(ANA, "incident.claimed", "incidencia:1", {"nota": "ñ"})
    rows = [json.loads(line) for line in exported(tmp_path / "a.json")]
    assert [row["accion"] for row in rows] == ["incident.claimed", "audit.exported"]
    assert set(rows[0]) == set(FIELDS)
    assert (rows[0]["actor"], rows[0]["usuario_id"], rows[0]["detalles"]) == ("ana", 7, {"nota": "ñ"})
    assert rows[1]["detalles"]["formato"] == "json"


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_of_the_csv_is_a_formula(name: str, tmp_path: Path) -> None:
    record(Actor(kind="api_key", label=name), "incident.reported", "incidencia:1")
    lines = exported(tmp_path / "a.csv", "--format", "csv")
    row = next(iter(csv.DictReader(lines)))
    assert row["actor"] == f"'{name}"


def test_only_the_span_that_was_asked_for(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        AuditEntry.objects.create(
            actor_kind="system",
            actor="x",
            accion=f"a.{day}",
            recurso="c:1",
            timestamp=datetime(2026, 1, day, 18, tzinfo=UTC),
        )
    rows = exported(tmp_path / "a.json", "--desde", "2026-01-02", "--hasta", "2026-01-03")
    assert [json.loads(line)["accion"] for line in rows] == ["a.2"]


@pytest.mark.parametrize(
    ("action", "resource", "class_uid", "activity"),
    [
        ("session.started", "usuario:7", AUTHENTICATION, 1),
        ("session.ended", "usuario:7", AUTHENTICATION, 2),
        ("session.refresh_reused", "usuario:7", AUTHENTICATION, 99),
        ("user.created", "usuario:7", ACCOUNT_CHANGE, 1),
        ("user.password_changed", "usuario:7", ACCOUNT_CHANGE, 3),
        ("incident.reported", "incidencia:1", ENTITY_MANAGEMENT, 1),
        ("incident.claimed", "incidencia:1", ENTITY_MANAGEMENT, 3),
        ("audit.exported", "auditoria:registro", ENTITY_MANAGEMENT, 2),
        ("area.deleted", "area:1", ENTITY_MANAGEMENT, 4),
    ],
)
def test_an_event_of_ocsf(action: str, resource: str, class_uid: int, activity: int) -> None:
    entry = record(ANA, action, resource)
    event = ocsf_event(AuditEntry.objects.filter(pk=entry.pk).values(*FIELDS).get())
    assert (event["class_uid"], event["activity_id"]) == (class_uid, activity)
    assert event["type_uid"] == class_uid * 100 + activity
    assert event["category_uid"] == 3
    assert event["metadata"]["version"] == "1.3.0"
    assert event["status_id"] == 1
    assert ("entity" in event) == (class_uid == ENTITY_MANAGEMENT)


@pytest.mark.parametrize("moment", ["ayer", "2026-13-45", "1 OR 1=1"])
def test_a_moment_that_is_none_is_refused(moment: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        exported(tmp_path / "a.json", "--desde", moment)


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    record(SYSTEM, "a.b", "c:1")
    path = tmp_path / "a.json"
    path.write_text("mío", encoding="utf-8")
    with pytest.raises(CommandError):
        exported(path)
    assert path.read_text(encoding="utf-8") == "mío"
