"""The first-run guide: from an empty site with one administrator to areas, hours, people; with progress and skip."""

from datetime import time

import pytest
from django.test import Client

from audit.models import AuditEntry
from incidents.intake.reporting import Report, incident_report
from incidents.models import BusinessCalendar, Incident
from prsystem.accounts.models import Area, User
from prsystem.core.models import Job
from prsystem.runtime.selectors import get_setting
from prsystem.runtime.setup import progress, steps
from tests.people import PASSWORD, actor, browser, make_user

pytestmark = pytest.mark.django_db
HOURS = {"days": ["0", "1", "2", "3", "4", "5"], "starts": "07:00", "ends": "15:00", "country": "mx"}
PERSON = {"username": "Nora", "full_name": "Nora Paz", "email": "", "password": PASSWORD, "role": "l1", "area": ""}


@pytest.fixture
def raiz(db: None) -> User:
    """Who was made by `createsuperuser` on an empty site."""
    return make_user("raiz", password=PASSWORD, is_superuser=True, is_staff=True)


def sign_in(username: str) -> tuple[Client, str]:
    client = Client()
    answer = client.post("/entrar", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302
    return client, answer.headers["Location"]


def test_an_empty_site_is_set_up_step_by_step(raiz: User) -> None:
    page, first = sign_in("raiz")
    assert first == "/admin/inicio/"
    assert page.get(first).headers["Location"] == "/admin/inicio/site/"
    assert page.post("/admin/inicio/site/", {"name": "Planta 2", "time_zone": "America/Monterrey"}).status_code == 302
    assert page.get("/admin/inicio/").headers["Location"] == "/admin/inicio/areas/"
    page.post("/admin/inicio/areas/", {"areas": "PROD: Producción\nMantenimiento\n\nProducción"})
    assert page.get("/admin/inicio/").headers["Location"] == "/admin/inicio/hours/"
    page.post("/admin/inicio/hours/", HOURS)
    assert page.post("/admin/inicio/people/", {**PERSON, "more": "1"}).headers["Location"] == "/admin/inicio/people/"
    page.post("/admin/inicio/people/", {**PERSON, "username": "olga", "area": Area.objects.get(code="PROD").pk})
    page.post("/admin/inicio/models/", {"skip": "1"})
    assert progress().next is None
    assert page.get("/admin/inicio/").status_code == 200

    assert (get_setting("site.name"), get_setting("site.time_zone")) == ("Planta 2", "America/Monterrey")
    assert list(Area.objects.values_list("code", "name")) == [("MANTENIMIENT", "Mantenimiento"), ("PROD", "Producción")]
    calendar = BusinessCalendar.objects.get(is_default=True)
    assert (calendar.zone, calendar.country) == ("America/Monterrey", "MX")
    assert {(span.weekday, span.starts, span.ends) for span in calendar.spans.all()} == {
        (day, time(7), time(15)) for day in range(6)
    }
    olga = User.objects.get(username="olga")
    assert olga.rights.roles == ["l1"]
    incident = incident_report(actor=actor(olga), report=Report("Banda parada", "No arranca.", "PROD"), reporter=olga)
    assert Incident.objects.get(pk=incident.pk).response_due_at


def test_each_step_leaves_entries_and_hours_lead_to_new_targets(raiz: User) -> None:
    page = browser(raiz)
    page.post("/admin/inicio/areas/", {"areas": "PROD: Producción"})
    page.post("/admin/inicio/hours/", HOURS)
    page.post("/admin/inicio/people/", PERSON)
    actions = set(AuditEntry.objects.values_list("accion", flat=True))
    assert {"area.created", "calendar.updated", "user.created", "setting.changed"} <= actions
    assert PASSWORD not in str(list(AuditEntry.objects.values_list("detalles", flat=True)))
    assert Job.objects.filter(kind="sla.recompute").count() == 1


def test_what_is_wrong_is_said_and_the_step_stays_open(raiz: User) -> None:
    page = browser(raiz)
    assert page.post("/admin/inicio/people/", {**PERSON, "password": "corta"}).status_code == 422
    assert page.post("/admin/inicio/hours/", {**HOURS, "country": "XX"}).status_code == 422
    assert page.post("/admin/inicio/hours/", {**HOURS, "days": []}).status_code == 422
    assert page.post("/admin/inicio/areas/", {"areas": "PROD: " + "x" * 200}).status_code == 422
    assert not Area.objects.exists()
    assert progress().done == []


def test_a_skipped_step_can_be_done_later_and_stays_done(raiz: User) -> None:
    page = browser(raiz)
    page.post("/admin/inicio/areas/", {"skip": "1"})
    assert progress().skipped == ["areas"]
    page.post("/admin/inicio/areas/", {"areas": "Calidad"})
    page.post("/admin/inicio/areas/", {"skip": "1"})
    assert (progress().done, progress().skipped) == (["areas"], [])


def test_every_step_has_a_page_and_the_front_page_reminds(raiz: User) -> None:
    page = browser(raiz)
    for step in steps():
        assert page.get(f"/admin/inicio/{step.code}/").status_code == 200
    assert page.get("/admin/inicio/otra/").status_code == 404
    assert "/admin/inicio/" in page.get("/admin/").content.decode()
    page.post("/admin/inicio/site/", {"skip": "1"})
    assert page.get("/admin/").context["setup"].next.code == "areas"


def test_nobody_else_is_led_there(raiz: User, prod: Area) -> None:
    make_user("nadie", password=PASSWORD)
    assert sign_in("nadie")[1] == "/"
    assert sign_in("raiz")[1] == "/"
    client, _first = sign_in("nadie")
    assert client.get("/admin/inicio/site/").status_code in (302, 403)
    assert client.post("/admin/inicio/areas/", {"areas": "X"}).status_code in (302, 403)
