"""The twin check before a new article: by API, when resolving, and on the page; never silently."""

import pytest

from incidents.models import Incident
from knowledge.models import Article
from knowledge.services.indexing import index_repair
from knowledge.services.twins import Twin
from prsystem.accounts.models import Area, User
from tests.incidents.makers import claimed, make_article, make_incident
from tests.people import api, browser

pytestmark = pytest.mark.django_db
ASK = "/api/conocimiento/gemelos"
TWIN = Twin("prensa-sin-presion", "1.0", "1.1", "Prensa sin presión", 0.93, True)


def ask(user: User, problem: str) -> list[dict]:
    answer = api(user).post(ASK, {"problema": problem})
    assert answer.status_code == 200, answer.json()
    return answer.json()["gemelos"]


@pytest.fixture
def known(models: dict[str, str], prod: Area, mant: Area) -> None:
    make_article(prod, problem="La prensa pierde presión hidráulica y no termina el golpe.")
    make_article(prod, "Etiquetadora sin cinta", problem="La etiquetadora imprime en blanco.", solution="Poner cinta.")
    make_article(mant, "Canario de mantenimiento", problem="El torno CANARIO-7781 vibra.", solution="Nivelar.")
    index_repair()


@pytest.fixture
def incident(ana: User, luis: User) -> Incident:
    return claimed(make_incident(ana, "Prensa sin fuerza", description="No llega a la presión del golpe."), luis)


def test_asking_needs_a_token_and_a_problem(luis: User) -> None:
    assert api().post(ASK, {"problema": "x"}).status_code == 401
    for body in ({}, {"problema": ""}, {"problema": 3}, {"problema": "x" * 20_001}):
        assert api(luis).post(ASK, body).status_code == 400


def test_the_same_problem_in_other_words_is_offered(known: None, luis: User) -> None:
    twins = ask(luis, "A la prensa le falta fuerza hidráulica y se queda a medio golpe")
    assert (twins[0]["articulo"], twins[0]["siguiente_version"]) == ("prensa-sin-presion", "1.1")


def test_a_twin_of_another_area_is_never_told(known: None, luis: User, ivan: User, ana: User) -> None:
    text = "El torno CANARIO-7781 vibra"
    assert [t["articulo"] for t in ask(ivan, text)] == ["canario-de-mantenimiento"]
    assert "canario" not in str(ask(luis, text)).lower()
    Article.objects.update(visibility="todos")
    assert "canario" not in str(ask(luis, text)).lower()
    assert ask(ana, text) == []


def test_resolving_without_an_article_names_the_twins(known: None, incident: Incident, luis: User) -> None:
    path = f"/api/incidencias/{incident.pk}/resolver"
    learned = api(luis).post(path, {"solucion": "Purgar el aire."}).json()["conocimiento"]
    assert learned["estado"] == "borrador"
    assert learned["gemelos"][0]["articulo"] == "prensa-sin-presion"


def test_without_index_resolving_goes_on(prod: Area, incident: Incident, luis: User) -> None:
    answer = api(luis).post(f"/api/incidencias/{incident.pk}/resolver", {"solucion": "Purgar el aire."})
    assert answer.status_code == 200
    assert "gemelos" not in answer.json()["conocimiento"]


def test_the_page_chooses_a_certain_twin_and_says_so(
    prod: Area, incident: Incident, luis: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article(prod)
    for place in ("incidents.views.detail", "incidents.views.actions"):
        monkeypatch.setattr(f"{place}.twins_of_incident", lambda rights, incident: [TWIN])
    page = browser(luis).get(f"/incidencias/{incident.number}/", {"abrir": "resolver"})
    assert page.context["forms"]["resolver"]["articulo"].value() == TWIN.slug
    assert page.context["twin"] == TWIN
    assert 'value="prensa-sin-presion" checked' in " ".join(page.content.decode().split())
    sent = {"solucion": "Purgar.", "causa": "", "articulo": TWIN.slug, "version": incident.version}
    assert browser(luis).post(f"/incidencias/{incident.number}/resolver", sent).status_code == 302
    incident.refresh_from_db()
    assert incident.learned_version.number == "1.1"
