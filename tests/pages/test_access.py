"""Who may open which page: anonymous, wrong role, right role, wrong area."""

import pytest
from django.test import Client
from django.urls import get_resolver

from incidents.intake.reporting import Report, incident_report
from incidents.models import Incident
from knowledge.models import Version
from knowledge.services import Lesson, version_learn
from prsystem.accounts.models import Area, User
from tests.people import actor, browser

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {"sign_in", "theme_set", "language_set", "offline", "manifest", "service_worker"}
PAGES = {"home", "incident_list", "incident_report", "incident_detail", "incident_suggestion", "incident_similar"}
PAGES |= {"article_list", "article_detail", "version_detail", "version_diff", "search", "account"}


@pytest.fixture
def incident(ana: User) -> Incident:
    return incident_report(actor=actor(ana), report=Report("Banda parada", "No arranca.", "PROD"), reporter=ana)


@pytest.fixture
def version(marta: User, prod: Area) -> Version:
    lesson = Lesson(area=prod, lang="es", title="Banda parada", problem="No arranca.", solution="Cambiar el fusible.")
    return version_learn(actor=actor(marta), lesson=lesson, publish=True)


ASKED_BY_SCRIPTS = {"offline_person"}  # which can do nothing with the page for signing in


def addresses(incident: Incident, version: Version) -> dict[str, str]:
    """Every page of the site by name, with arguments that exist."""
    values = {
        "number": incident.number,
        "level": "L1",
        "slug": version.article.slug,
        "old": version.number,
        "new": version.number,
        "action": "tomar",
        "suggestion_id": str(incident.suggestions.get().pk),
        "file_id": "1",
    }
    found = {}
    for name, entries in get_resolver().reverse_dict.lists():
        if not isinstance(name, str) or name.startswith(("api", "schema", "docs", "javascript", "mcp")):
            continue
        template, parameters = entries[0][0][0]
        if template.startswith(("api/", "admin/", "metrics")) or not set(parameters) <= set(values):
            continue
        number = version.number if "slug" in parameters else values["number"]
        found[name] = "/" + template % {**values, "number": number}
    return found


def test_every_page_asks_for_a_session(incident: Incident, version: Version) -> None:
    pages = addresses(incident, version)
    assert set(pages) >= PAGES | OPEN_TO_ALL | {"incident_action", "version_publish", "report_hits"}
    for name, path in pages.items():
        if name in OPEN_TO_ALL:
            continue
        for method in ("get", "post"):
            response = getattr(Client(), method)(path)
            if name in ASKED_BY_SCRIPTS:
                assert response.status_code == {"get": 401, "post": 405}[method], name
                continue
            assert response.status_code == 302, (name, method)
            assert response.headers["Location"].startswith("/entrar"), name


def test_the_pages_open_for_people_of_the_area(incident: Incident, version: Version, luis: User, ana: User) -> None:
    pages = addresses(incident, version)
    for person in (ana, luis):
        for name in PAGES - {"incident_suggestion"}:
            assert browser(person).get(pages[name]).status_code == 200, (person.username, name)
    assert browser(luis).get(pages["incident_queue"]).status_code == 200


@pytest.mark.parametrize(
    "name", ["incident_detail", "incident_similar", "article_detail", "version_detail", "version_diff"]
)
def test_what_one_may_not_see_looks_like_what_is_not_there(
    name: str, incident: Incident, version: Version, ivan: User, extraño: User
) -> None:
    path = addresses(incident, version)[name]
    for person in (ivan, extraño):
        seen = browser(person).get(path)
        missing = browser(person).get(path.replace(incident.number, "INC-999999").replace(version.article.slug, "nada"))
        assert seen.status_code == missing.status_code == 404, person.username
        assert seen.content.count(b"\n") == missing.content.count(b"\n")


def test_reporters_have_no_queues(ana: User) -> None:
    assert browser(ana).get("/colas/L1/").status_code == 404
    assert b"/colas/" not in browser(ana).get("/").content


@pytest.mark.parametrize("action", ["tomar", "asignar", "escalar", "esperar", "resolver", "fusionar", "prioridad"])
def test_reporters_may_not_work_on_their_incident(action: str, ana: User, incident: Incident) -> None:
    values = {"motivo": "x", "nivel": "L2", "asignado_a": "ana", "solucion": "x", "incidencia": "1", "prioridad": "P1"}
    response = browser(ana).post(f"/incidencias/{incident.number}/{action}", values)
    assert response.status_code in (403, 422)
    incident.refresh_from_db()
    assert (incident.state, incident.level, incident.priority, incident.assignee_id) == ("nuevo", "L1", "P3", None)


def test_browsers_that_ask_for_favicon_ico_are_sent_to_the_icon(client: Client) -> None:
    assert client.get("/favicon.ico").headers["Location"] == "/static/prs/icon.svg"
