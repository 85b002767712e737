"""200 questions about what another area knows, by everybody of one area, through every surface that answers: nothing
of it comes out, neither its text nor the number of an incident nor the address of an article."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from incidents.services.suggesting import suggestion_draft
from knowledge.models import Article
from knowledge.services.indexing import passages_rebuild
from prsystem.accounts.models import Area, User
from tests.incidents.makers import make_article, make_incident
from tests.integrations.api_keys.makers import client as key_client
from tests.integrations.api_keys.makers import make_key
from tests.people import api, browser, make_user
from tests.security.world import people

pytestmark = pytest.mark.django_db
TOPICS = [f"{thing}{number}" for number in range(1, 5) for thing in ("zumaque", "drupa", "quena", "yelmo", "fiordo")]
ASKED = ("{}", "{} parado", "{} no arranca ¿qué hago?", "solución de {}", "{} alarma E-4012")
ROLES = ("reporter", "l1", "l3", "editor", "auditor", "admin")
SECRET = "CANARIO"
QUESTIONS = [(topic, text.format(topic)) for topic in TOPICS for text in ASKED for _pair in range(2)]


@pytest.fixture
def hidden(prod: Area, mant: Area) -> list[str]:
    """Incidents and articles of MANT about each topic; what only MANT may see of them."""
    somebody = make_user("alguien", "reporter", "l2", areas=[mant])
    found = [SECRET]
    for topic in TOPICS:
        texts = {"problem": f"{topic} no arranca {SECRET}", "solution": f"{SECRET}: purgar {topic}"}
        incident = make_incident(somebody, f"{topic} parado {SECRET}", area="MANT", description=f"{topic} {SECRET}")
        version = make_article(mant, f"{topic} {SECRET}", **texts)
        found += [
            f"{incident.number}<",
            f"{incident.number}/",
            f'"{incident.number}"',
            Article.objects.get(pk=version.article_id).slug,
        ]
    Article.objects.update(visibility=Article.Visibility.AREA)
    make_article(prod, "Prensa propia", problem="La prensa propia no arranca", solution="Purgar la prensa propia.")
    for article in Article.objects.all():
        passages_rebuild(article.pk)
    return found


def answers(page: Client, call: APIClient, key: APIClient, text: str) -> list[str]:
    """What each surface says to a question."""
    words = {"titulo": text, "descripcion": text, "problema": text, "solucion": text}
    responses = [
        page.get("/buscar", {"q": text}),
        page.get("/incidencias/", {"q": text}),
        page.get("/conocimiento/", {"q": text}),
        page.post("/incidencias/nueva/parecidos", {**words, "area": "PROD"}),
        call.get("/api/incidencias", {"q": text}),
        call.get("/api/conocimiento", {"q": text}),
        call.get("/api/conocimiento/buscar", {"query": text}),
        call.post("/api/conocimiento/buscar", {"query": text, "limite": 50}),
        call.post("/api/conocimiento/gemelos", words),
        key.get("/api/v1/external/conocimiento/buscar", {"query": text, "limit": 50}),
    ]
    assert all(response.status_code < 500 for response in responses)
    return [response.content.decode() for response in responses]


def leaks(texts: list[str], hidden: list[str]) -> list[str]:
    return [secret for secret in hidden for text in texts if secret in text]


def test_there_are_200_questions() -> None:
    assert len(QUESTIONS) == 200


@pytest.mark.parametrize("role", ROLES)
def test_no_surface_tells_another_area_s_secrets(role: str, prod: Area, hidden: list[str]) -> None:
    """Every role asks its part of the 200, on ten surfaces each."""
    user = people(prod)[role]
    page, call = browser(user), api(user)
    key = key_client(make_key("conocimiento:read", "incidencias:read", areas=[prod]))
    for topic, text in QUESTIONS[ROLES.index(role) :: len(ROLES)]:
        found = leaks(answers(page, call, key, text), hidden)
        assert not found, (role, topic, found)


@pytest.mark.parametrize("role", ROLES)
def test_no_list_page_or_count_holds_them(role: str, prod: Area, hidden: list[str]) -> None:
    user = people(prod)[role]
    page, call = browser(user), api(user)
    pages = ["/", "/incidencias/", "/conocimiento/", "/avisos/", "/avisos/contador", "/cuenta/"]
    pages += [f"/colas/{level}/" for level in ("L1", "L2", "L3")]
    texts = [page.get(path).content.decode() for path in pages]
    calls = ["/api/incidencias?limite=100", "/api/conocimiento?limite=100", "/api/avisos", "/api/yo"]
    texts += [call.get(path).content.decode() for path in calls]
    assert not leaks(texts, hidden)
    assert call.get("/api/incidencias").json()["resultados"] == []


def test_no_answer_to_an_incident_holds_them(prod: Area, ana: User, luis: User, hidden: list[str]) -> None:
    """The draft, its citations, similar cases and the story of incidents that are about the very same."""
    for topic in TOPICS[:5]:
        incident = make_incident(ana, f"{topic} parado", description=f"{topic} no arranca")
        suggestion_draft(incident.suggestions.get().pk)
        for user in (ana, luis):
            parts = [f"/api/incidencias/{incident.pk}/{part}" for part in ("sugerencia", "similares", "historial")]
            texts = [api(user).get(path).content.decode() for path in parts]
            texts.append(browser(user).get(f"/incidencias/{incident.number}/").content.decode())
            texts.append(browser(user).get(f"/incidencias/{incident.number}/parecidas").content.decode())
            assert not leaks(texts, hidden)


def test_whoever_may_see_them_does(mant: Area, hidden: list[str]) -> None:
    """The questions are good ones: in MANT they are answered."""
    user = people(mant)["l3"]
    found = [api(user).post("/api/conocimiento/buscar", {"query": text}).content.decode() for _t, text in QUESTIONS[:6]]
    assert all(SECRET in text for text in found)
