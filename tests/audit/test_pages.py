"""The pages of the trail: who gets in, filters, one entry, export, verification; refusals that leave an entry."""

import csv
import json
from time import time

import pytest
from django.test import Client

from audit.models import AuditEntry
from audit.seals.checking import trail_check
from audit.services import Outcome, record
from prsystem.accounts.models import Area, User
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.models import Job
from prsystem.core.rights import Role
from prsystem.core.web.step_up import PROVED_AT, RECENT_SECONDS
from tests.people import api, browser, make_user

pytestmark = pytest.mark.django_db
PAGES = ("/auditoria/", "/auditoria/1/")


@pytest.fixture
def olga(db: None) -> User:
    """Auditor of everything."""
    return make_user("olga", Role.AUDITOR, full_name="Olga Rey")


@pytest.fixture
def entries() -> list[AuditEntry]:
    ana = Actor(kind="user", label="ana", user_id=70)
    changed = {"titulo": {"antes": "<b>viejo</b>", "despues": None}, "nota": "x"}
    return [
        record(ana, "incident.claimed", "incidencia:1"),
        record(ana, "incident.updated", "incidencia:12", changed),
        record(SYSTEM, "article.published", "articulo:1", outcome=Outcome.FAILED),
    ]


def shown(page: object) -> list[str]:
    return [entry.accion for entry in page.context["page"].rows if not entry.accion.startswith(("session.", "audit."))]


@pytest.mark.parametrize("page", PAGES)
def test_only_auditors_and_administrators_of_everything_get_in(
    page: str, luis: User, ana: User, eva: User, olga: User, prod: Area, entries: list[AuditEntry]
) -> None:
    of_one_area = make_user("pepe", Role.AUDITOR, areas=[prod])
    page = page.replace("1/", f"{entries[0].pk}/") if page != "/auditoria/" else page
    for user, status in ((luis, 403), (ana, 403), (of_one_area, 403), (eva, 200), (olga, 200)):
        assert browser(user).get(page).status_code == status
    assert Client().get(page).url.startswith("/entrar?next=")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["article.published", "incident.updated", "incident.claimed"]),
        ({"quien": "ana"}, ["incident.updated", "incident.claimed"]),
        ({"quien": "70"}, ["incident.updated", "incident.claimed"]),
        ({"accion": "incident."}, ["incident.updated", "incident.claimed"]),
        ({"recurso": "incidencia:1"}, ["incident.claimed"]),
        ({"recurso": "articulo:"}, ["article.published"]),
        ({"resultado": "fallido"}, ["article.published"]),
        ({"desde": "2020-01-01", "hasta": "2020-01-02"}, []),
        ({"quien": "' OR 1=1 --"}, []),
        ({"quien": "x\0y"}, []),
    ],
)
def test_filters(filters: dict[str, str], found: list[str], olga: User, entries: list[AuditEntry]) -> None:
    assert shown(browser(olga).get("/auditoria/", filters)) == found


@pytest.mark.parametrize(
    "filters",
    [{"desde": "ayer"}, {"resultado": "otro"}, {"desde": "2026-02-01", "hasta": "2026-01-01"}],
)
def test_filters_that_make_no_sense_are_told(filters: dict[str, str], olga: User) -> None:
    page = browser(olga).get("/auditoria/", filters)
    assert page.status_code == 422
    assert page.context["form"].errors


def test_an_entry_shows_before_and_after_and_its_seal(olga: User, entries: list[AuditEntry]) -> None:
    text = browser(olga).get(f"/auditoria/{entries[1].pk}/").content.decode()
    assert "&lt;b&gt;viejo&lt;/b&gt;" in text
    assert "<b>viejo" not in text
    assert AuditEntry.objects.filter(accion="audit.read", recurso=f"auditoria:{entries[1].pk}").count() == 1
    assert browser(olga).get("/auditoria/999999999/").status_code == 404


def test_an_export_asks_first_who_it_is(olga: User, entries: list[AuditEntry]) -> None:
    client = browser(olga)
    session = client.session
    session[PROVED_AT] = int(time()) - RECENT_SECONDS - 1
    session.save()
    answer = client.post("/auditoria/exportar", {"formato": "csv"})
    assert b'name="confirmacion"' in answer.content
    assert "Content-Disposition" not in answer.headers
    assert not AuditEntry.objects.filter(accion="audit.exported").exists()


@pytest.mark.parametrize("kind", ["csv", "json", "ocsf"])
def test_an_export_holds_what_the_filters_show_and_is_an_entry(
    kind: str, olga: User, entries: list[AuditEntry]
) -> None:
    answer = browser(olga).post("/auditoria/exportar", {"formato": kind, "accion": "incident."})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    if kind == "csv":
        assert [row["accion"] for row in csv.DictReader(lines)] == ["incident.claimed", "incident.updated"]
    else:
        name = "activity_name" if kind == "ocsf" else "accion"
        assert [json.loads(line)[name] for line in lines] == ["incident.claimed", "incident.updated"]
    told = AuditEntry.objects.get(accion="audit.exported")
    assert (told.usuario_id, told.detalles) == (olga.pk, {"formato": kind, "filtros": {"accion": "incident."}})


def test_an_export_needs_the_right_and_a_known_format(luis: User, olga: User) -> None:
    assert browser(luis).post("/auditoria/exportar").status_code == 403
    assert browser(olga).post("/auditoria/exportar", {"formato": "exe"}).status_code == 400
    assert browser(olga).get("/auditoria/exportar").status_code == 405
    assert not AuditEntry.objects.filter(accion="audit.exported").exists()


def test_a_verification_is_asked_for_once_and_its_outcome_is_shown(olga: User) -> None:
    client = browser(olga)
    client.post("/auditoria/verificar")
    client.post("/auditoria/verificar")
    assert Job.objects.filter(kind="audit.verify").count() == 1
    assert trail_check().fault is None
    assert client.get("/auditoria/").context["state"].is_whole


def test_a_refused_page_and_a_refused_call_leave_an_entry(luis: User, own_refusals: None) -> None:
    browser(luis).get("/auditoria/")
    told = AuditEntry.objects.get(accion="access.denied")
    assert (told.usuario_id, told.resultado, told.recurso) == (luis.pk, "denegado", "ruta:auditoria/")
    assert api(luis).get("/api/health/detailed").status_code == 403
    assert AuditEntry.objects.filter(accion="access.denied", usuario_id=luis.pk).count() == 2


def test_refusals_without_end_do_not_fill_the_trail(
    luis: User, own_refusals: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.refusals.MOST_PER_MINUTE", 3)
    client = browser(luis)
    for _number in range(6):
        assert client.get("/auditoria/").status_code == 403
    assert AuditEntry.objects.filter(accion="access.denied").count() == 3
