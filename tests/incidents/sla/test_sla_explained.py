"""Each target explains itself, by page and API, to whoever may read the incident."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from incidents.escalation.sweep import sla_sweep
from incidents.models import EscalationRule, Incident, SlaMark
from incidents.moves.lifecycle import incident_resume, incident_wait
from incidents.sla.explaining import INTERVALS, sla_explain
from prsystem.accounts.models import User
from tests.incidents.makers import claimed, make_incident
from tests.people import api, browser

pytestmark = pytest.mark.django_db
MEXICO = ZoneInfo("America/Mexico_City")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MEXICO)


@pytest.fixture
def incident(ana: User, luis: User) -> Incident:
    """Friday 17:00, P3; warned on Monday at eleven, taken at 11:30, waited from noon to 15:00."""
    EscalationRule.objects.update(is_enabled=False)
    with time_machine.travel(at("2026-11-13T17:00"), tick=False):
        found = make_incident(ana)
    sla_sweep(at("2026-11-16T11:00"))
    with time_machine.travel(at("2026-11-16T11:30"), tick=False):
        claimed(found, luis)
    with time_machine.travel(at("2026-11-16T12:00"), tick=False):
        incident_wait(actor=luis.as_actor(), incident_id=found.pk, reason="Refacción")
    with time_machine.travel(at("2026-11-16T15:00"), tick=False):
        return incident_resume(actor=luis.as_actor(), incident_id=found.pk)


def test_what_was_counted_is_told(incident: Incident) -> None:
    response, resolution = sla_explain(incident, at("2026-11-16T17:00"))
    assert (response.state, response.used_seconds, response.target_seconds) == ("cumplido", 3.5 * 3600, 4 * 3600)
    assert [mark.what for mark in response.marks] == [SlaMark.What.WARNED]
    assert (resolution.state, resolution.policy, resolution.calendar.name) == (
        "ok",
        "Plazos de fábrica",
        "Horario de oficina",
    )
    assert [(counted.since, counted.until) for counted in resolution.intervals] == [
        (at("2026-11-13T17:00"), at("2026-11-13T18:00")),
        (at("2026-11-16T09:00"), at("2026-11-16T12:00")),
        (at("2026-11-16T15:00"), at("2026-11-16T17:00")),
    ]
    assert resolution.used_seconds == 6 * 3600
    (pause,) = resolution.pauses
    assert (pause.seconds, pause.reason) == (3 * 3600, "Refacción")


def test_a_pause_that_runs_is_told_and_nothing_counts(incident: Incident, luis: User) -> None:
    with time_machine.travel(at("2026-11-16T16:00"), tick=False):
        waiting = incident_wait(actor=luis.as_actor(), incident_id=incident.pk, reason="Proveedor")
    resolution = sla_explain(waiting, at("2026-11-17T10:00"))[1]
    assert (resolution.state, resolution.used_seconds) == ("pausado", 5 * 3600)
    assert (resolution.pauses[-1].until, resolution.pauses[-1].seconds) == (None, 3 * 3600)


def test_an_old_incident_tells_its_newest_intervals(incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(created_at=at("2026-05-04T09:00"))
    incident.refresh_from_db()
    resolution = sla_explain(incident, at("2026-11-16T17:00"))[1]
    assert len(resolution.intervals) == INTERVALS
    assert resolution.intervals_left_out > 60
    assert resolution.state == "ok"


def test_the_api_tells_it_to_support_and_reporter_and_to_nobody_else(
    incident: Incident, luis: User, ana: User, ivan: User, extraño: User
) -> None:
    address = f"/api/incidencias/{incident.number}/sla"
    with time_machine.travel(at("2026-11-16T15:30"), tick=False):  # what runs would differ by a second
        body = api(luis).get(address).json()
        assert body == api(ana).get(address).json()
    response, resolution = body["plazos"]
    assert (response["plazo"], response["estado"], response["avisos"][0]["que"]) == ("respuesta", "cumplido", "aviso")
    assert resolution["calendario"] == {"nombre": "Horario de oficina", "zona": "America/Mexico_City"}
    assert resolution["empezo_en"] == "2026-11-13T17:00:00-06:00"
    assert resolution["pausas"] == [
        {
            "desde": "2026-11-16T12:00:00-06:00",
            "hasta": "2026-11-16T15:00:00-06:00",
            "segundos": 10800,
            "tipo": "espera",
            "motivo": "Refacción",
        }
    ]
    assert api(ivan).get(address).status_code == 404
    assert api(extraño).get(address).status_code == 404
    assert api().get(address).status_code == 401


def test_the_page_and_its_part(incident: Incident, luis: User, ivan: User) -> None:
    address = f"/incidencias/{incident.number}/plazos"
    page = browser(luis).get(address).content.decode()
    assert "<html" in page
    for words in ("Plazos de fábrica", "Horario de oficina", "Refacción", "16 nov 2026, 12:00"):
        assert words in page
    part = browser(luis).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Refacción" in part
    assert address in browser(luis).get(incident.get_absolute_url()).content.decode()
    assert browser(ivan).get(address).status_code == 404


def test_what_ended_elsewhere_says_that_it_has_no_targets(incident: Incident, luis: User) -> None:
    Incident.objects.filter(pk=incident.pk).update(response_due_at=None, resolution_due_at=None)
    assert api(luis).get(f"/api/incidencias/{incident.number}/sla").json()["plazos"] == []
    assert browser(luis).get(f"/incidencias/{incident.number}/plazos").status_code == 200
