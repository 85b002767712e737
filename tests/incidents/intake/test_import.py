"""`import_incidents`: real and hostile files, dry run, second run, errors by row."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import AuditEntry
from incidents.models import Incident
from prsystem.accounts.models import Area
from prsystem.core.models import Job, OutboxEvent

pytestmark = pytest.mark.django_db
CSV = """Folio;Título;Descripción;Área;Prioridad;Estado;Fecha;Solución;Reportado por;Equipo
T-1;Bomba caliente;La bomba P-101 se calienta;PROD;Alta;Cerrado;20/03/2026;Cambiar rodamiento;Juan;P-101
T-2;;Ruido en la cinta transportadora norte desde las once, más o menos desde el arranque del turno;producción;;;;;;
"""


@pytest.fixture(autouse=True)
def prod(db: None) -> Area:
    return Area.objects.create(code="PROD", name="Producción")


class Run:
    """One run of the command: what it printed, and why it failed."""

    def __init__(self, tmp_path: Path, content: str | bytes, *options: str, name: str = "a.csv") -> None:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out, err = StringIO(), StringIO()
        self.failure = ""
        try:
            call_command("import_incidents", str(path), *options, stdout=out, stderr=err)
        except CommandError as error:
            self.failure = str(error)
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def result(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def errors(self) -> list[tuple[int, str]]:
        return [(error["row"], error["field"]) for error in self.result["errors"]]


def test_a_spanish_table_comes_in_whole(tmp_path: Path, prod: Area) -> None:
    run = Run(tmp_path, CSV, "--json", "--source", "sap")
    assert (run.failure, run.result["created"], run.result["bad_rows"]) == ("", 2, 0)
    closed, new = Incident.objects.order_by("id")
    assert (closed.source, closed.external_reference, closed.title) == ("sap", "T-1", "Bomba caliente")
    assert (closed.state, closed.priority, closed.impact, closed.urgency) == ("cerrado", "P2", 1, 2)
    assert (closed.solution, closed.reporter_label) == ("Cambiar rodamiento", "Juan")
    assert closed.description.startswith("La bomba P-101 se calienta\n\n")
    assert closed.description.endswith(": P-101")
    assert timezone.localtime(closed.created_at).isoformat()[:16] == "2026-03-20T00:00"
    assert closed.resolution_due_at is None
    assert (new.state, new.area, new.priority, new.reporter_label) == ("nuevo", prod, "P3", "sap")
    assert new.title.startswith("Ruido en la cinta transportadora norte")
    assert len(new.title) <= 90
    assert new.title.endswith("…")
    assert new.resolution_due_at > timezone.now()


def test_one_audit_entry_each_and_no_storm_of_webhooks_or_jobs(tmp_path: Path) -> None:
    Run(tmp_path, CSV)
    assert {entry.recurso for entry in AuditEntry.objects.filter(accion="incident.imported")} == {
        incident.resource for incident in Incident.objects.all()
    }
    assert not OutboxEvent.objects.exists()
    assert not Job.objects.exists()


def test_a_second_run_creates_nothing(tmp_path: Path) -> None:
    Run(tmp_path, CSV)
    run = Run(tmp_path, CSV, "--json")
    assert (run.result["created"], run.result["existing"], run.failure) == (0, 2, "")
    assert (Incident.objects.count(), AuditEntry.objects.count()) == (2, 2)
    assert Run(tmp_path, CSV, "--json", "--source", "otro").result["created"] == 2


def test_rows_without_a_reference_are_known_by_their_content(tmp_path: Path) -> None:
    content = "texto,area\nSe cayó la red,PROD\nSe cayó la red,PROD\nSin luz,PROD\n"
    assert Run(tmp_path, content, "--json").result["created"] == 3
    again = Run(tmp_path, content, "--json").result
    assert (again["created"], again["existing"]) == (0, 3)


def test_more_rows_than_a_batch(tmp_path: Path) -> None:
    lines = [json.dumps({"id": n, "text": f"Paro {n}", "labels": {"area": "PROD"}}) for n in range(1201)]
    first = Run(tmp_path, "\n".join(lines[:700]), "--json", name="a.jsonl").result
    then = Run(tmp_path, "\n".join(lines), "--json", name="a.jsonl").result
    assert (first["created"], then["created"], then["existing"]) == (700, 501, 700)


def test_a_dry_run_counts_and_writes_nothing(tmp_path: Path) -> None:
    Run(tmp_path, "\n".join(CSV.splitlines()[:2]))
    run = Run(tmp_path, CSV.replace("producción", "Nave 7"), "--dry-run", "--json", "--create-areas")
    assert (run.result["created"], run.result["existing"], run.result["dry_run"]) == (1, 1, True)
    assert (Incident.objects.count(), Area.objects.count()) == (1, 1)


BAD = """id,titulo,descripcion,area,prioridad,estado,fecha,resuelto_en
1,ok,ok,PROD,,,,
2,,,PROD,,,,
3,x,nada,NADA,P9,perdido,ayer,
1,x,repetida,PROD,,,,
5,x,NUL\0 dentro,PROD,,,2999-01-01,
6,x,tarde,PROD,,,2026-02-02,2026-02-01
"""


def test_every_bad_row_and_field_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    run = Run(tmp_path, BAD, "--json")
    assert run.errors == [
        (3, "descripcion"),
        (4, "area"),
        (4, "estado"),
        (4, "prioridad"),
        (4, "fecha"),
        (5, "referencia"),
        (6, "descripcion"),
        (6, "fecha"),
        (7, "resuelto_en"),
    ]
    assert run.result["bad_rows"] == 5
    assert run.failure
    assert not Incident.objects.exists()
    plain = Run(tmp_path, BAD)
    assert "NADA" in plain.err
    assert plain.err.count("\n") == 9


def test_good_rows_are_imported_when_told_to_skip_the_bad(tmp_path: Path) -> None:
    run = Run(tmp_path, BAD, "--json", "--skip-errors")
    assert (run.failure, run.result["created"], run.result["bad_rows"]) == ("", 1, 5)
    assert Incident.objects.get().external_reference == "1"


def test_a_file_of_bad_rows_only_fails_even_then(tmp_path: Path) -> None:
    assert Run(tmp_path, "texto,area\nx,NADA\n", "--skip-errors").failure


def test_a_field_of_a_megabyte_is_an_error_of_its_row(tmp_path: Path) -> None:
    assert Run(tmp_path, f"texto,area\nbien,PROD\n{'x' * 1_000_000},PROD\n", "--json").errors == [(3, "descripcion")]


def test_broken_json_names_its_line(tmp_path: Path) -> None:
    content = '{"text": "bien", "area": "PROD"}\n{"text": \n{"text": "\\ud800", "area": "PROD"}\n'
    assert Run(tmp_path, content, "--json", name="a.jsonl").errors == [(2, ""), (3, "descripcion")]
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        b"\x89PNG\r\n\x1a\n\x00\x00\xff",
        "a,b\n1,2\n",
        "texto\nsin área\n",
        "area\nPROD\n",
        b"\0" * 5000,
    ],
)
def test_files_without_what_is_needed_are_refused(tmp_path: Path, content: str | bytes) -> None:
    assert Run(tmp_path, content).failure
    assert not Incident.objects.exists()


def test_a_header_alone_imports_nothing(tmp_path: Path) -> None:
    run = Run(tmp_path, "texto,area\n", "--json")
    assert (run.failure, run.result["rows"]) == ("", 0)


def test_foreign_columns_are_named(tmp_path: Path) -> None:
    content = "Kurztext,area\nPumpe heiß,Halle 3\n"
    options = ("--map", "descripcion=Kurztext", "--map", "area=", "--area", "prod")
    assert not Run(tmp_path, content, *options).failure
    incident = Incident.objects.get()
    assert (incident.description, incident.area.code) == ("Pumpe heiß", "PROD")
    for bad in ("descripcion=Nada", "nada=Kurztext", "descripcion"):
        assert Run(tmp_path, content, "--area", "PROD", "--map", bad).failure


def test_areas_are_made_of_labels_once(tmp_path: Path) -> None:
    labels = ["Línea 2", "línea 2", "3D", "包装", "Hydraulic System", "Hydraulic Syringe", "x"]
    content = "texto,area\n" + "".join(f"Paro {n},{label}\n" for n, label in enumerate(labels))
    run = Run(tmp_path, content, "--create-areas", "--json")
    assert run.result["areas"] == ["LINEA-2", "AREA-3D", "AREA", "HYDRAULIC-SY", "HYDRAULIC-2", "AREA-X"]
    assert AuditEntry.objects.filter(accion="area.created").count() == 6
    for area in Area.objects.all():
        area.full_clean()
    assert Run(tmp_path, content, "--create-areas", "--json").result["areas"] == []


def test_an_area_out_of_use_takes_nothing(tmp_path: Path, prod: Area) -> None:
    Area.objects.update(is_active=False)
    assert Run(tmp_path, CSV, "--create-areas").failure
    assert Run(tmp_path, CSV, "--area", "PROD").failure


def test_the_state_of_rows_that_say_none(tmp_path: Path) -> None:
    Run(tmp_path, "texto,area\nHistoria,PROD\n", "--state", "cerrado")
    incident = Incident.objects.get()
    assert (incident.state, incident.resolution_due_at) == ("cerrado", None)
    assert incident.closed_at is not None


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1969-12-31", "31/02/2026"]
)
def test_impossible_moments_are_errors(tmp_path: Path, moment: str) -> None:
    assert Run(tmp_path, f"texto,area,fecha\nx,PROD,{moment}\n", "--json").errors == [(2, "fecha")]
