"""What engineers keep, change, delete and add is labelled data: by month and article, and as a masked file."""

import csv
import html
import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import AuditEntry
from incidents.answers import edits_console
from incidents.answers.edits import Month, edits_by_article, month_asked
from incidents.answers.exporting import edits_export
from incidents.models import Incident, ProposalOutcome, SourceOutcome, Suggestion
from incidents.moves.lifecycle import incident_reopen
from incidents.moves.resolving import Resolution, incident_resolve
from knowledge.models import Article, Version
from prsystem.accounts.models import Area, User
from prsystem.core.errors import InvalidInput, NotAllowed
from tests.incidents.makers import claimed, make_article, make_incident, make_suggestion
from tests.people import actor, api, browser

pytestmark = pytest.mark.django_db
TEXT = (
    "1. Cortar la corriente y poner candado. [1]\n2. Apretar los tornillos del motor a 45 Nm. [1]\n"
    "3. Limpiar el lector del sensor con alcohol. [2]\n"
)
SOLUTION = (
    "Cortar la corriente y poner candado.\nApretar los tornillos del motor a 54 Nm.\n"
    "Luis Peña (tel. 55 1234 5678) cambió el rodamiento."
)


@pytest.fixture
def pair(prod: Area) -> tuple[Version, Version]:
    return make_article(prod, "Motor flojo"), make_article(prod, "Sensor sucio")


@pytest.fixture
def case(ana: User, luis: User, pair: tuple[Version, Version]) -> Incident:
    incident = claimed(make_incident(ana), luis)
    make_suggestion(incident, *pair, text=TEXT)
    incident_resolve(actor=actor(luis), incident_id=incident.pk, resolution=Resolution(SOLUTION))
    return incident


def slug_of(version: Version) -> str:
    return Article.objects.get(pk=version.article_id).slug


def month() -> Month:
    return month_asked("")


def rows() -> list[dict[str, object]]:
    from prsystem.core.context import SYSTEM

    return [json.loads(line) for line in edits_export(actor=SYSTEM, month=month(), form="jsonl")]


def test_a_resolution_keeps_what_became_of_each_sentence_by_source(
    case: Incident, luis: User, pair: tuple[Version, Version]
) -> None:
    outcome = ProposalOutcome.objects.get()
    assert (outcome.result, outcome.resolved_by_id, outcome.reopened_at) == ("editada", luis.pk, None)
    first, second = (SourceOutcome.objects.get(version=version) for version in pair)
    assert first.kept == ["Cortar la corriente y poner candado."]
    assert [pair[1] for pair in first.changed] == ["Apretar los tornillos del motor a 54 Nm."]
    assert (second.deleted, second.kept) == (["Limpiar el lector del sensor con alcohol."], [])
    assert outcome.added == ["Luis Peña (tel. 55 1234 5678) cambió el rodamiento."]


def test_nothing_is_kept_where_no_proposal_was_shown(ana: User, luis: User, pair: tuple[Version, Version]) -> None:
    silent, danger = (claimed(make_incident(ana, f"Caso {n}"), luis) for n in range(2))
    silent.suggestions.update(state=Suggestion.State.NO_ANSWER)
    make_suggestion(danger, pair[0], text=TEXT)
    Incident.objects.filter(pk=danger.pk).update(is_emergency=True)
    for incident in (silent, danger):
        incident_resolve(actor=actor(luis), incident_id=incident.pk, resolution=Resolution(SOLUTION))
    assert not ProposalOutcome.objects.exists()


def test_a_case_that_comes_back_marks_the_outcome(case: Incident, ana: User) -> None:
    incident_reopen(actor=actor(ana), incident_id=case.pk, reason="Volvió a pasar.")
    assert ProposalOutcome.objects.get().reopened_at is not None
    assert {row["reabierto"] for row in rows()} == {True}


def test_the_month_is_told_by_article_with_the_cases_behind(
    case: Incident, eva: User, pair: tuple[Version, Version]
) -> None:
    found = {row["slug"]: row for row in edits_by_article(month())}
    first = found[slug_of(pair[0])]
    told = [first[name] for name in ("cases", "edited", "kept", "changed", "deleted")]
    assert told == [1, 1, 1, 1, 0]
    page = browser(eva).get("/admin/respuestas/cambios/").content.decode()
    assert "Motor flojo" in page
    behind = browser(eva).get(f"/admin/respuestas/cambios/{slug_of(pair[0])}/").content.decode()
    for shown in (case.number, "<del>Apretar los tornillos del motor a 45 Nm.</del>", "54 Nm", "Agregado"):
        assert shown in behind
    assert browser(eva).get("/admin/respuestas/cambios/?mes=2020-01").status_code == 200
    assert edits_by_article(month_asked("2020-01")) == []
    assert browser(eva).get("/admin/respuestas/cambios/ninguno/").status_code == 404


def test_all_resolutions_behind_an_article_are_shown_page_by_page(
    case: Incident, ana: User, luis: User, eva: User, pair: tuple[Version, Version], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = claimed(make_incident(ana, "Otra vez"), luis)
    make_suggestion(later, *pair, text=TEXT)
    incident_resolve(actor=actor(luis), incident_id=later.pk, resolution=Resolution(SOLUTION))
    monkeypatch.setattr(edits_console, "SHOWN", 1)
    client, address = browser(eva), f"/admin/respuestas/cambios/{slug_of(pair[0])}/"
    first = client.get(f"{address}?mes={month().code}").content.decode()
    assert later.number in first and case.number not in first
    following = html.unescape(re.search(r'rel="next" href="([^"]+)"', first)[1])
    second = client.get(address + following).content.decode()
    assert f"mes={month().code}" in following and case.number in second and later.number not in second


def test_the_file_holds_one_row_per_sentence_and_masks_people(case: Incident) -> None:
    found = rows()
    assert sorted(row["que"] for row in found) == ["agregada", "borrada", "cambiada", "conservada"]
    added = next(row for row in found if row["que"] == "agregada")
    assert ("PERSONA_1" in added["despues"], "TELEFONO_1" in added["despues"]) == (True, True)
    everything = json.dumps(found, ensure_ascii=False)
    for private in ("Peña", "1234 5678", "luis"):
        assert private not in everything


def test_the_file_is_taken_by_page_command_and_api_each_with_its_entry(
    case: Incident, eva: User, luis: User, tmp_path: Path
) -> None:
    taken = browser(eva).get("/admin/respuestas/cambios.csv")
    cells = list(csv.reader(io.StringIO(b"".join(taken).decode())))
    assert (cells[0][:2], len(cells)) == (["resuelto_en", "caso"], 5)
    call_command("export_edits", "--output", str(tmp_path / "a.jsonl"))
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) == 4
    sent = api(eva).get("/api/respuestas/cambios/exportar", {"formato": "jsonl", "mes": month().code})
    assert len(b"".join(sent).decode().splitlines()) == 4
    assert AuditEntry.objects.filter(accion="proposal_edits.exported").count() == 3
    assert api(eva).get("/api/respuestas/cambios").json()["articulos"][0]["casos"] == 1
    assert browser(luis).get("/admin/respuestas/cambios.csv", follow=True).status_code == 403
    assert api(luis).get("/api/respuestas/cambios/exportar").status_code == 403
    assert api(luis).get("/api/respuestas/cambios").status_code == 403
    with pytest.raises(NotAllowed):
        edits_export(actor=actor(luis), month=month(), form="csv")


def test_a_sentence_that_a_spreadsheet_would_run_is_only_text(ana: User, luis: User, eva: User, prod: Area) -> None:
    incident = claimed(make_incident(ana), luis)
    make_suggestion(incident, make_article(prod, "Motor flojo"), text="Cambiar la junta [1].")
    solved = Resolution('=HYPERLINK("http://malo.example")')
    incident_resolve(actor=actor(luis), incident_id=incident.pk, resolution=solved)
    taken = b"".join(browser(eva).get("/admin/respuestas/cambios.csv")).decode()
    assert all(not cell.startswith("=") for row in csv.reader(io.StringIO(taken)) for cell in row)


@pytest.mark.parametrize("text", ["2026", "2026-13", "x", "2026-1-1", "0001-01", "9999-12"])
def test_what_is_no_month_is_refused(text: str, eva: User) -> None:
    with pytest.raises(InvalidInput):
        month_asked(text)
    with pytest.raises(CommandError):
        call_command("export_edits", "--mes", text)
    assert browser(eva).get("/admin/respuestas/cambios/", {"mes": text}).status_code == 400
    assert api(eva).get("/api/respuestas/cambios", {"mes": text}).status_code == 400


def test_months_follow_each_other_over_the_year() -> None:
    assert (month_asked("2026-12").next.code, month_asked("2026-01").before.code) == ("2027-01", "2025-12")
    assert month().code == f"{timezone.localdate():%Y-%m}"
