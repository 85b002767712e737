"""Exports of GLPI and Zammad come in without telling column by column what is what."""

import json
from pathlib import Path

import pytest

from incidents.intake.presets import text_from_html
from incidents.models import Incident
from prsystem.accounts.models import Area

from .test_import import Run

pytestmark = pytest.mark.django_db
GLPI_CSV = """"ID";"Título";"Estado";"Última modificación";"Fecha de apertura";"Prioridad";"Solicitante - Solicitante";"Categoría";"Descripción";"Solución - Solución";
"1042";"Impresora de etiquetas";"Cerrado";"2026-03-21 09:00";"2026-03-20 10:15";"Muy alta";"Juan Pérez";"Producción";"&lt;p&gt;No imprime&lt;/p&gt;&lt;p&gt;Error 12&lt;/p&gt;";"<p>Limpiar el <b>cabezal</b></p>";
"1043";"Red lenta";"En curso (asignada)";"2026-03-21 09:00";"2026-03-21 08:00";"Mediana";"";"Producción";"Muy lenta";"";
"""  # noqa: E501
GLPI_JSON = [
    {"id": 7, "name": "VPN", "content": "&lt;p&gt;No conecta&lt;/p&gt;", "status": 5, "priority": 4,
     "date": "2026-01-02 03:04:05", "solvedate": "2026-01-02 05:00:00", "itilcategories_id": "PROD"},
    {"id": 8, "name": "Monitor", "content": "Negro", "status": 2, "priority": 6, "date": "2026-01-03 03:04:05",
     "solvedate": None, "itilcategories_id": "PROD"},
]  # fmt: skip
ZAMMAD = [
    {"id": 1, "number": "67001", "title": "Correo", "group": "PROD", "state": "merged", "priority": "3 high",
     "created_at": "2026-02-01T10:00:00.000Z", "close_at": "2026-02-01T12:00:00.000Z", "customer": "ana@planta.mx",
     "article": {"body": "<div>No llega<br>nada<script>alert(1)</script></div>"}, "note": None},
    {"id": 2, "number": "67002", "title": "Escáner", "group": "PROD", "state": "pending reminder", "priority": "1 low",
     "created_at": "2026-02-02T10:00:00.000Z", "close_at": None, "customer": "luis", "article": {"body": "Lento"}},
]  # fmt: skip


@pytest.fixture(autouse=True)
def prod(db: None) -> Area:
    return Area.objects.create(code="PROD", name="Producción")


def test_the_csv_of_glpi(tmp_path: Path) -> None:
    run = Run(tmp_path, GLPI_CSV, "--preset", "glpi", "--json")
    assert (run.failure, run.result["created"]) == ("", 2)
    closed, new = Incident.objects.order_by("id")
    assert (closed.source, closed.external_reference, closed.state, closed.priority) == (
        "glpi",
        "1042",
        "cerrado",
        "P1",
    )
    assert (closed.description, closed.solution) == ("No imprime\nError 12", "Limpiar el cabezal")
    assert closed.reporter_label == "Juan Pérez"
    assert (new.state, new.priority) == ("nuevo", "P3")


def test_the_json_of_glpi(tmp_path: Path) -> None:
    run = Run(tmp_path, json.dumps(GLPI_JSON), "--preset", "glpi", "--json", name="tickets.json")
    assert (run.failure, run.result["created"]) == ("", 2)
    solved, new = Incident.objects.order_by("id")
    assert (solved.title, solved.description, solved.state, solved.priority) == ("VPN", "No conecta", "resuelto", "P2")
    assert (new.state, new.priority) == ("nuevo", "P1")


def test_the_json_of_zammad(tmp_path: Path) -> None:
    run = Run(tmp_path, json.dumps(ZAMMAD), "--preset", "zammad", "--json", name="tickets.json")
    assert (run.failure, run.result["created"]) == ("", 2)
    merged, new = Incident.objects.order_by("id")
    assert (merged.source, merged.external_reference, merged.state, merged.priority) == (
        "zammad", "67001", "cerrado", "P2",
    )  # fmt: skip
    assert merged.description == "No llega\nnada"
    assert (new.state, new.priority, new.description) == ("nuevo", "P4", "Lento")


def test_a_dry_run_writes_nothing_and_a_second_run_creates_nothing(tmp_path: Path) -> None:
    dry = Run(tmp_path, GLPI_CSV, "--preset", "glpi", "--json", "--dry-run")
    assert (dry.result["created"], Incident.objects.count()) == (2, 0)
    Run(tmp_path, GLPI_CSV, "--preset", "glpi", "--json")
    again = Run(tmp_path, GLPI_CSV, "--preset", "glpi", "--json")
    assert (again.result["created"], again.result["existing"]) == (0, 2)


def test_the_numbers_of_priorities_differ_between_systems(tmp_path: Path) -> None:
    rows = "id;title;description;area;priority\n1;a;b;PROD;1\n"
    for preset, source in (("glpi", "g"), ("zammad", "z"), ("", "o")):
        options = ["--preset", preset] if preset else []
        assert not Run(tmp_path, rows, *options, "--source", source).failure
    found = dict(Incident.objects.values_list("source", "priority"))
    assert found == {"g": "P4", "z": "P4", "o": "P1"}


def test_a_path_of_categories_or_groups_is_its_last_part_that_is_an_area(tmp_path: Path) -> None:
    Area.objects.create(code="REDES", name="Redes")
    labels = ("Producción > Prensas > P4", "Planta > Producción", "PROD::Redes", "Producción > Redes", "A > B")
    rows = "".join(f"{number};a;b;{label}\n" for number, label in enumerate(labels, 1))
    run = Run(tmp_path, "id;title;description;category\n" + rows, "--preset", "glpi", "--skip-errors", "--json")
    assert run.errors == [(6, "area")]
    found = list(Incident.objects.order_by("external_reference").values_list("area__code", flat=True))
    assert found == ["PROD", "PROD", "REDES", "REDES"]


def test_an_unknown_state_is_named_by_row(tmp_path: Path) -> None:
    run = Run(tmp_path, GLPI_CSV.replace('"Cerrado"', '"Archivado"'), "--preset", "glpi", "--json")
    assert run.errors == [(2, "estado")]
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain", "plain"),
        ("<p>a</p><p>b &amp; c</p>", "a\nb & c"),
        ("&lt;p&gt;a&lt;/p&gt;", "a"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ("5 < 6 y 7 > 3", "5 < 6 y 7 > 3"),
        ("", ""),
    ],
)
def test_html_becomes_text(raw: str, text: str) -> None:
    assert text_from_html(raw) == text
