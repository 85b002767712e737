"""200 questions about what another area knows, by everybody of one area, through every surface that answers: nothing
of it comes out, neither its text nor the number of an incident nor the address of an article or manual."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from audit.services import record
from incidents.models import GapCase, Incident, KnowledgeGap, Macro, MaintenanceWindow, ShiftNote, Storm
from incidents.suggestions.services import suggestion_draft
from integrations.api_keys.services import NewKey
from knowledge.models import Article, GlossaryTerm, Manual, ManualEdition, ManualPart
from knowledge.services.indexing import passages_rebuild
from prsystem.accounts.models import Area, User
from prsystem.core.context import SYSTEM
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
    around(mant)
    make_article(prod, "Prensa propia", problem="La prensa propia no arranca", solution="Purgar la prensa propia.")
    for article in Article.objects.all():
        passages_rebuild(article.pk)
    return found


def around(mant: Area) -> None:
    """What else MANT has that names the topics: words of the floor, a manual, gaps, and what a shift leaves behind."""
    names = "\n".join(TOPICS)
    GlossaryTerm.objects.create(term=f"máquina {SECRET}", names=names, area=mant)
    manual = Manual.objects.create(slug="manual-canario", name=f"Manual {SECRET}", area=mant)
    stored, fields = ContentFile(SECRET.encode(), "m.bin"), {"name": f"{SECRET}.md", "kind": "md", "size": 7}
    ManualEdition.objects.create(manual=manual, number=1, state="en_uso", file=stored, **fields)
    ManualPart.objects.create(manual=manual, article=Article.objects.first(), ordinal=1, label=SECRET)
    now, incident = timezone.now(), Incident.objects.first()
    gap = KnowledgeGap.objects.create(area=mant, title=f"Hueco {SECRET}", words=SECRET, cases=3)
    GapCase.objects.create(gap=gap, incident=incident)
    ShiftNote.objects.create(area=mant, author_label="alguien", body=f"Nota {SECRET}")
    Macro.objects.create(name=f"Respuesta {SECRET}", area=mant, body=SECRET)
    Storm.objects.create(fingerprint="0" * 64, source="mes", incident=incident, total=9, first_at=now, last_at=now)
    window = {"starts_at": now, "ends_at": now + timedelta(hours=1)}
    MaintenanceWindow.objects.create(reason=f"Paro {SECRET}", area=mant, **window)


def tool(key: NewKey, name: str, **arguments: Any) -> HttpResponse:
    """What an assistant gets from a tool of MCP."""
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    headers = {"HTTP_ACCEPT": "application/json, text/event-stream", "HTTP_MCP_PROTOCOL_VERSION": "2025-06-18"}
    body = json.dumps(message).encode()
    return key_client(key).post("/mcp", body, content_type="application/json", **headers)


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


BY_KEY = ("mcp", "incidencias:read", "incidencias:write", "conocimiento:read")


def test_an_assistant_and_another_system_with_a_key_of_one_area_get_none(prod: Area, hidden: list[str]) -> None:
    """A key of PROD, by MCP and by the external API, each topic in one of its spellings."""
    key, theirs = make_key(*BY_KEY, areas=[prod]), Incident.objects.filter(area__code="MANT")
    for topic, text in QUESTIONS[:: 2 * len(ASKED)]:
        found = [
            tool(key, "buscar_conocimiento", consulta=text, limite=20),
            tool(key, "listar_incidencias", texto=topic),
        ]
        report = {"titulo": f"{text} hoy", "descripcion": text, "area": "PROD"}
        found.append(tool(key, "reportar_incidencia", **report))
        found.append(key_client(key).post("/api/v1/external/incidencias", {**report, "origen": "mes"}))
        assert {answer.status_code for answer in found} <= {200, 201}
        assert not leaks([answer.content.decode() for answer in found], hidden), topic
    for incident in theirs[:5]:
        read = tool(key, "leer_incidencia", numero=incident.number).json()["result"]
        assert read["isError"] is True
        assert SECRET not in json.dumps(read)
        assert key_client(key).get(f"/api/v1/external/incidencias/{incident.number}").status_code == 404


SHELVES = (
    *("/huecos/", "/huecos/?descartados=1", "/conocimiento/manuales/", "/macros/", "/carga/", "/vistas/"),
    *("/tablero/", "/tablero/?area=PROD", "/tablero/exportar", "/tablero/turno/", "/tablero/turno/?horas=24"),
    *("/cuenta/informes", "/incidencias/nueva"),
)
CALLS = (
    *("/api/huecos", "/api/huecos?descartados=1", "/api/conocimiento/manuales", "/api/tablero", "/api/carga"),
    *("/api/macros", "/api/vistas", "/api/avisos/conocimiento"),
)
NOT_THEIRS = (
    *("/conocimiento/manuales/manual-canario/", "/conocimiento/manuales/manual-canario/archivo/1"),
    *("/tablero/?area=MANT", "/tablero/exportar?area=MANT", "/tablero/turno/?area=MANT"),
)
CALLS_NOT_THEIRS = (
    *("/api/conocimiento/manuales/manual-canario", "/api/conocimiento/manuales/manual-canario/ediciones/1"),
    "/api/tablero?area=MANT",
)


@pytest.mark.parametrize("role", ROLES)
def test_no_shelf_board_gap_or_export_holds_them(role: str, prod: Area, hidden: list[str]) -> None:
    user = people(prod)[role]
    page, call = browser(user), api(user)
    shown = [page.get(path) for path in SHELVES] + [call.get(path) for path in CALLS]
    for filters in ({}, {"area": "MANT"}, {"q": SECRET.lower()}):
        shown.append(page.get("/incidencias/", filters, headers={"HX-Request": "true"}))
    assert all(answer.status_code in (200, 403, 404) for answer in shown)
    assert not leaks([answer.content.decode() for answer in shown], hidden)
    refused = [page.get(path) for path in NOT_THEIRS] + [call.get(path) for path in CALLS_NOT_THEIRS]
    assert {answer.status_code for answer in refused} == {404}
    assert not any(SECRET in answer.content.decode() for answer in refused)


def test_a_gap_does_not_name_an_article_that_was_closed_to_its_readers(prod: Area, hidden: list[str]) -> None:
    """The nearest article was everybody's when the gap was found, and has become MANT's alone since."""
    nearest = Article.objects.filter(area__code="MANT").last()
    KnowledgeGap.objects.create(area=prod, title="Hueco propio", cases=3, nearest=nearest, confidence=0.5)
    editor = people(prod)["editor"]
    shown = [browser(editor).get("/huecos/"), api(editor).get("/api/huecos")]
    texts = [answer.content.decode() for answer in shown]
    assert all("Hueco propio" in text for text in texts)
    assert not leaks(texts, hidden)


def test_whoever_may_see_the_shelves_finds_them_there(mant: Area, hidden: list[str]) -> None:
    """Each surface of MANT that is tested above does show its secret to MANT."""
    by_role, key = people(mant), make_key(*BY_KEY, areas=[mant])
    user, worker = by_role["editor"], by_role["l3"]
    shown = [browser(user).get(path) for path in ("/huecos/", "/conocimiento/manuales/")]
    shown += [api(user).get(path) for path in ("/api/huecos", "/api/conocimiento/manuales")]
    shown += [browser(worker).get(path) for path in ("/tablero/turno/", "/macros/")]
    shown += [tool(key, "buscar_conocimiento", consulta=TOPICS[0]), tool(key, "listar_incidencias", texto=TOPICS[0])]
    assert [SECRET in answer.content.decode() for answer in shown] == [True] * len(shown)
    also = [api(user).post("/api/conocimiento/buscar", {"query": topic}).json()["tambien"] for topic in TOPICS[:2]]
    assert also == [[f"máquina {SECRET}"]] * 2


OF_THE_SITE = (
    *("/api/auditoria", "/api/auditoria/exportar", "/api/ajustes", "/api/configuracion"),
    *("/api/configuracion/macros", "/api/configuracion/maintenance_windows", "/api/configuracion/glossary"),
)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_of_the_whole_site_is_refused_to_people_of_one_area(role: str, prod: Area, hidden: list[str]) -> None:
    """The audit trail and its export, settings and configuration name what every area has."""
    record(SYSTEM, "incident.reported", "incidencia:1", {"titulo": SECRET})
    call = api(people(prod)[role])
    shown = [call.get(path) for path in OF_THE_SITE]
    assert {answer.status_code for answer in shown} <= {403, 404}
    assert not leaks([answer.content.decode() for answer in shown], hidden)


def test_the_administrator_of_the_site_finds_it_there(eva: User, hidden: list[str]) -> None:
    record(SYSTEM, "incident.reported", "incidencia:1", {"titulo": SECRET})
    taken = api(eva).get("/api/auditoria/exportar").streaming_content
    assert SECRET in b"".join(taken).decode()
    assert SECRET in api(eva).get("/api/configuracion/macros").content.decode()
