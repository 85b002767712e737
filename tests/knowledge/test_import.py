"""`import_articles`: documents become drafts or published, indexed articles."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from knowledge.models import Article, Version
from prsystem.accounts.models import Area
from prsystem.core.models import Job, OutboxEvent

pytestmark = pytest.mark.django_db
DOCUMENTS = [
    {"id": "G-1", "lang": "en", "title": "Sticky keys", "text": "Open the settings.\nTurn them off."},
    {"id": "G-2", "lang": "es", "title": "Sticky keys", "text": "Abra los ajustes."},
    {"id": "G-3", "lang": "xx", "title": "", "text": "Purgar la bomba de la línea y volver a arrancar."},
]


@pytest.fixture(autouse=True)
def area(db: None) -> Area:
    return Area.objects.create(code="TI", name="Tecnologías")


def run(tmp_path: Path, rows: list[dict[str, Any]] | str, *options: str) -> dict[str, Any]:
    path = tmp_path / ("a.csv" if isinstance(rows, str) else "a.jsonl")
    path.write_text(rows if isinstance(rows, str) else "\n".join(map(json.dumps, rows)), encoding="utf-8")
    out = StringIO()
    call_command("import_articles", str(path), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_documents_become_drafts(tmp_path: Path, area: Area) -> None:
    assert run(tmp_path, DOCUMENTS, "--area", "TI")["created"] == 3
    first, second, third = Version.objects.order_by("id")
    assert (first.title, first.problem, first.lang, first.number) == ("Sticky keys", "Sticky keys", "en", "1.0")
    assert (first.solution, first.state) == ("Open the settings.\nTurn them off.", "borrador")
    assert (first.article.slug, second.article.slug) == ("sticky-keys", "sticky-keys-2")
    assert (first.article.area, first.article.current) == (area, None)
    assert (third.title, third.lang) == ("Purgar la bomba de la línea y volver a arrancar.", "es")
    assert AuditEntry.objects.filter(accion="article.imported").count() == 3
    assert not Job.objects.exists()


def test_published_ones_are_indexed_by_jobs_for_later(tmp_path: Path) -> None:
    run(tmp_path, DOCUMENTS, "--area", "TI", "--publish", "--visibility", "todos")
    for article in Article.objects.select_related("current"):
        assert (article.current.state, article.visibility) == ("publicada", "todos")
    jobs = Job.objects.filter(kind="article.index", queue="bulk")
    assert {job.payload["article_id"] for job in jobs} == set(Article.objects.values_list("pk", flat=True))
    assert AuditEntry.objects.filter(accion="version.published").count() == 3
    assert not OutboxEvent.objects.exists()


def test_a_second_run_creates_nothing(tmp_path: Path) -> None:
    run(tmp_path, DOCUMENTS, "--area", "TI", "--publish")
    again = run(tmp_path, DOCUMENTS, "--area", "TI", "--publish")
    assert (again["created"], again["existing"]) == (0, 3)
    assert (Article.objects.count(), Job.objects.count()) == (3, 3)
    assert run(tmp_path, DOCUMENTS, "--area", "TI", "--source", "manual")["created"] == 3


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, DOCUMENTS, "--area", "TI", "--dry-run")["created"] == 3
    assert not Article.objects.exists()


def test_problem_cause_and_solution_have_columns_of_their_own(tmp_path: Path) -> None:
    run(tmp_path, "Título,Problema,Causa,Solución,Área\nBomba,No arranca,Aire,Purgar,TI\n")
    version = Version.objects.get()
    assert (version.problem, version.cause, version.solution) == ("No arranca", "Aire", "Purgar")


def test_a_question_and_its_answer(tmp_path: Path) -> None:
    run(tmp_path, "pregunta,respuesta,area\n¿Cómo purgo la bomba?,Abra la válvula,TI\n")
    version = Version.objects.get()
    assert (version.title, version.problem) == ("¿Cómo purgo la bomba?", "¿Cómo purgo la bomba?")
    assert version.solution == "Abra la válvula"


def test_bad_rows_stop_the_import_unless_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        *DOCUMENTS,
        {"id": "G-1", "title": "x", "text": "repeated"},
        {"id": "G-9", "title": "y" * 201, "text": ""},
        {"id": "G-8", "title": "z", "text": "x" * 1_000_000},
        {"id": "r" * 200, "title": "z", "text": "\0"},
    ]
    with pytest.raises(CommandError):
        run(tmp_path, rows, "--area", "TI")
    assert not Article.objects.exists()
    result = run(tmp_path, rows, "--area", "TI", "--skip-errors")
    assert (result["created"], result["bad_rows"]) == (3, 4)
    assert [(error["row"], error["field"]) for error in result["errors"]] == [
        (4, "referencia"),
        (5, "titulo"),
        (5, "solucion"),
        (6, "solucion"),
        (7, "solucion"),
        (7, "referencia"),
    ]


def test_an_area_is_needed(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run(tmp_path, DOCUMENTS)
    with pytest.raises(CommandError):
        run(tmp_path, DOCUMENTS, "--area", "NADA")


def test_a_failing_batch_leaves_the_finished_ones_and_a_rerun_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from knowledge.services import importing
    from prsystem.core.imports import rows as imports

    monkeypatch.setattr(imports, "BATCH", 2)
    record_all, calls = importing.record_all, []

    def failing(entries: list[AuditEntry]) -> None:
        calls.append(len(entries))
        if len(calls) == 2:
            raise importing.InvalidInput.field("x", "the disk is full")
        record_all(entries)

    monkeypatch.setattr(importing, "record_all", failing)
    with pytest.raises(CommandError):
        run(tmp_path, DOCUMENTS, "--area", "TI")
    assert Article.objects.count() == Version.objects.count() == 2
    assert run(tmp_path, DOCUMENTS, "--area", "TI")["created"] == 1
