"""The record of an answer for support, and its replay: what differs and the likely cause."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from incidents.models import Incident, Suggestion
from incidents.suggestions.record import CAUSES
from incidents.suggestions.replaying import suggestion_replay
from incidents.suggestions.services import suggestion_draft
from integrations.ollama.client import OllamaNode
from integrations.ollama.cluster import Cluster
from integrations.ollama.inflight import InFlight
from knowledge.assistant.replay import differences
from knowledge.models import Article
from knowledge.services import Lesson, assisting, version_learn
from knowledge.services.indexing import passages_rebuild
from prsystem.accounts.models import Area, User
from prsystem.core.context import SYSTEM
from prsystem.core.rights import Role
from tests.incidents.makers import make_article, make_incident
from tests.people import api, browser, make_area, make_user
from tests.standins.process import OllamaProcess

pytestmark = pytest.mark.django_db
MODEL = "grande:8b"


def known(area: Area, title: str, problem: str, solution: str) -> None:
    passages_rebuild(make_article(area, title, problem=problem, solution=solution).article_id)


@pytest.fixture
def people() -> dict[str, User]:
    area = make_area("PROD")
    known(area, "La prensa no arranca", "La prensa no arranca al pulsar marcha.", "Cambiar la junta tórica.")
    return {
        "ana": make_user("ana", Role.REPORTER, areas=[area]),
        "luis": make_user("luis", Role.L1, areas=[area]),
        "otro": make_user("otro", Role.L1, areas=[make_area("MANT")]),
    }


@pytest.fixture
def node(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaProcess]:
    with OllamaProcess(chat_model=MODEL) as one:
        settings.OLLAMA_CHAT_MODEL, settings.OLLAMA_SMALL_MODEL = MODEL, ""
        made = Cluster([OllamaNode(one.url)], InFlight(None))
        monkeypatch.setattr(assisting, "get_cluster", lambda: made)
        yield one


def answered(ana: User) -> Suggestion:
    incident = make_incident(ana, "La prensa no arranca", description="Al pulsar marcha no arranca la prensa.")
    suggestion = incident.suggestions.get()
    suggestion_draft(suggestion.pk)
    suggestion.refresh_from_db()
    return suggestion


def test_the_page_says_in_words_why_no_model_answered(people: dict[str, User], settings: Any) -> None:
    settings.OLLAMA_CHAT_MODEL = ""
    suggestion = answered(people["ana"])
    assert suggestion.record["motivo"] == "no_model"
    page = browser(people["luis"]).get(f"{suggestion.incident.get_absolute_url()}sugerencia/registro").content.decode()
    assert "ningún modelo respondió" in page
    assert "Solo por palabras" in page
    assert "no_model" not in page


def test_the_record_says_what_the_answer_was_made_with(people: dict[str, User], node: OllamaProcess) -> None:
    suggestion = answered(people["ana"])
    found = api(people["luis"]).get(f"/api/incidencias/{suggestion.incident_id}/sugerencia/registro").json()
    assert found["peldaño"] == "modelo"
    assert found["modelo"] == {
        "nombre": MODEL,
        "nodo": node.name,
        "digest": "e55aed6fe643" * 5,
        "cuantizacion": "Q4_K_M",
    }
    assert (found["prompt"], found["opciones"]["seed"], found["opciones"]["temperature"]) == ("pasos-1", 7, 0)
    first = found["pasajes"][0]
    assert (first["n"], first["version"], first["parte"]) == (1, "1.0", "solution")
    assert first["puntaje"] > 0
    assert 0 <= found["tiempos"]["primer_token_ms"] <= found["tiempos"]["total_ms"]
    page = browser(people["luis"]).get(f"/incidencias/{suggestion.incident.number}/sugerencia/registro")
    assert "1.0 · Solución ·" in page.content.decode()
    assert "Q4_K_M" in page.content.decode()


def test_only_those_who_read_the_whole_incident_see_the_record(people: dict[str, User], node: OllamaProcess) -> None:
    path = f"/api/incidencias/{answered(people['ana']).incident_id}/sugerencia/registro"
    assert [api(people[name]).get(path).status_code for name in ("luis", "ana", "otro")] == [200, 403, 404]
    assert [api(people[name]).post(path).status_code for name in ("luis", "ana", "otro")] == [202, 403, 404]


def test_the_page_asks_for_the_part_that_shows_the_replay(people: dict[str, User], node: OllamaProcess) -> None:
    path = f"/incidencias/{answered(people['ana']).incident.number}/sugerencia/registro"
    page = " ".join(browser(people["luis"]).get(path).content.decode().split())
    assert page.count('id="repetir"') == 1
    assert f'data-poll hx-get="{path}" hx-trigger="every 5s" hx-select="#repetir" hx-swap="outerHTML"' in page


def test_a_replay_of_the_same_is_the_same(people: dict[str, User], node: OllamaProcess) -> None:
    suggestion = answered(people["ana"])
    replay = suggestion_replay(suggestion.pk)
    assert (replay["igual"], replay["causa"], replay["diferencias"]) == (True, "ninguna", [])
    after = Suggestion.objects.get(pk=suggestion.pk)
    assert (after.text, after.record["repeticion"]["igual"]) == (suggestion.text, True)
    assert AuditEntry.objects.filter(accion="suggestion.replayed").count() == 1


def test_a_replay_uses_the_versions_of_then_and_tells_what_is_found_now(
    people: dict[str, User], node: OllamaProcess
) -> None:
    suggestion = answered(people["ana"])
    area, title = suggestion.incident.area, "La prensa no arranca al pulsar marcha"
    known(area, title, "Al pulsar marcha no arranca la prensa.", "Rearmar el paro de emergencia.")
    old = suggestion.citations.get().version
    lesson = Lesson(area=area, lang="es", title=old.title, problem=old.problem, solution="Cambiar la bobina K7.")
    version_learn(actor=SYSTEM, lesson=lesson, article=old.article.slug, publish=True)
    passages_rebuild(old.article_id)
    replay = suggestion_replay(suggestion.pk)
    assert (replay["igual"], replay["causa"], replay["fijados"]) == (True, "ninguna", True)
    assert replay["ya_no_se_hallan"] == [f"{old.article.slug} 1.0 solution"]
    assert set(replay["se_hallan_ahora"]) == {
        f"{old.article.slug} 1.1 solution",
        "la-prensa-no-arranca-al-pulsar-marcha 1.0 solution",
    }
    path = f"/incidencias/{suggestion.incident.number}/sugerencia/registro"
    assert "1.1 solution" in browser(people["luis"]).get(path).content.decode()


def test_what_is_found_now_is_told_to_those_who_may_read_it(people: dict[str, User], node: OllamaProcess) -> None:
    suggestion = answered(people["ana"])
    known(suggestion.incident.area, "La prensa no arranca en frío", "La prensa no arranca.", "Calentar el aceite.")
    suggestion_replay(suggestion.pk)
    Article.objects.filter(slug="la-prensa-no-arranca-en-frio").update(area=make_area("MANT"))
    found = api(people["luis"]).get(f"/api/incidencias/{suggestion.incident_id}/sugerencia/registro").json()
    assert found["repeticion"]["se_hallan_ahora"] == []


def test_another_answer_from_the_same_passages_shows_the_difference(
    people: dict[str, User], node: OllamaProcess
) -> None:
    suggestion = answered(people["ana"])
    Suggestion.objects.filter(pk=suggestion.pk).update(text="Golpear la prensa [1].")
    replay = suggestion_replay(suggestion.pk)
    assert (replay["igual"], replay["causa"]) == (False, "azar")
    out = StringIO()
    call_command("replay", str(suggestion.pk), stdout=out)
    assert "-Golpear la prensa [1]." in out.getvalue()
    assert "+Cambiar la junta" in out.getvalue()


def test_the_page_of_a_replay_says_line_by_line_what_is_another(people: dict[str, User], node: OllamaProcess) -> None:
    suggestion = answered(people["ana"])
    Suggestion.objects.filter(pk=suggestion.pk).update(text="Golpear la prensa [1].")
    node.set(answer="silent")
    suggestion_replay(suggestion.pk)
    page = browser(people["luis"]).get(f"{suggestion.incident.get_absolute_url()}sugerencia/registro").content.decode()
    rows = re.sub(r">\s+<", "><", page)
    assert '<tr class="del"><td class="sign">-</td><td>Golpear la prensa [1].</td></tr>' in rows
    assert '<tr class="add"><td class="sign">+</td><td>Cambiar la junta' in rows
    assert "Escrita por el modelo → " in page
    assert str(CAUSES["azar"]) in page
    assert Suggestion.objects.get(pk=suggestion.pk).record["repeticion"]["en"] not in page


def test_an_edited_report_and_a_missing_model_are_told_by_the_command(
    people: dict[str, User], node: OllamaProcess, settings: Any
) -> None:
    suggestion = answered(people["ana"])
    settings.OLLAMA_CHAT_MODEL = ""
    out = StringIO()
    call_command("replay", str(suggestion.pk), stdout=out)
    assert f"modelo: {MODEL} -> -" in out.getvalue()
    Incident.objects.filter(pk=suggestion.incident_id).update(description="La prensa no arranca en frío.")
    assert suggestion_replay(suggestion.pk)["causa"] in ("entrada", "ninguna")
    with pytest.raises(CommandError):
        call_command("replay", "0")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"modelo": {"nombre": MODEL, "digest": "otro"}}, "digest"),
        ({"prompt": "pasos-2"}, "prompt"),
        ({"opciones": {"seed": 8}}, "opciones"),
        ({"pasajes": [[1, "prensa", "1.1", "solution", 0.9]]}, "pasajes"),
        ({"pasajes": [[1, "prensa", "1.0", "solution", 0.8999]]}, None),
    ],
)
def test_each_input_is_compared(change: dict[str, Any], what: str | None) -> None:
    before = {
        "entrada": "a",
        "pasajes": [[1, "prensa", "1.0", "solution", 0.9]],
        "modelo": {"nombre": MODEL, "digest": "uno"},
        "prompt": "pasos-1",
        "opciones": {"seed": 7},
    }
    assert [one.what for one in differences(before, {**before, **change})] == ([what] if what else [])
