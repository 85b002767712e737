"""Targets of stored incidents: calendars of areas, policies in order, pauses that survive every change, recomputing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from audit.models import AuditEntry
from incidents.models import (
    AreaCalendar,
    BusinessCalendar,
    CalendarDay,
    CalendarSpan,
    Incident,
    IncidentPause,
    SlaPolicy,
)
from incidents.moves.editing import incident_update
from incidents.moves.lifecycle import incident_claim, incident_escalate, incident_reopen, incident_resume, incident_wait
from incidents.moves.resolving import Resolution, incident_close, incident_resolve
from incidents.sla.book import book_forget, book_load
from incidents.sla.recomputing import sla_recompute, sla_recompute_request
from prsystem.accounts.models import Area, User
from prsystem.core.models import Job
from tests.incidents.makers import claimed, make_incident

pytestmark = pytest.mark.django_db
MEXICO = ZoneInfo("America/Mexico_City")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MEXICO)


def told(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment.astimezone(MEXICO):%Y-%m-%d %H:%M}"


def calendar_for(*areas: Area, **fields: object) -> BusinessCalendar:
    """Monday to Friday 9 to 18 unless it is told otherwise."""
    name = ", ".join(area.code for area in areas) or "otro"
    calendar = BusinessCalendar.objects.create(name=name, **fields)
    CalendarSpan.objects.bulk_create(
        CalendarSpan(calendar=calendar, weekday=day, starts="09:00", ends="18:00") for day in range(5)
    )
    AreaCalendar.objects.bulk_create(AreaCalendar(area=area, calendar=calendar) for area in areas)
    book_forget()
    return calendar


def reported(reporter: User, moment: str = "2026-11-13T17:00", **fields: object) -> Incident:
    with time_machine.travel(at(moment), tick=False):
        return make_incident(reporter, **fields)


def test_a_fresh_start_has_calendars_and_the_shipped_targets() -> None:
    book = book_load()
    assert {calendar.name for calendar in book.calendars.values()} == {"Horario de oficina", "24 x 7"}
    assert book.default.name == "Horario de oficina"
    (policy,) = book.policies
    assert policy.response == {"L1": 240, "L2": 120, "L3": 480}
    assert policy.resolution == {"P1": 480, "P2": 960, "P3": 2400, "P4": 4800}


def test_friday_at_five_is_due_on_monday_at_noon(ana: User) -> None:
    incident = reported(ana)
    assert told(incident.response_due_at) == "2026-11-16 12:00"
    assert told(incident.response_warn_at) == "2026-11-16 11:00"


def test_a_holiday_on_monday_moves_it_to_tuesday(ana: User, prod: Area) -> None:
    calendar_for(prod, country="MX")
    assert told(reported(ana).response_due_at) == "2026-11-17 12:00"


def test_a_day_of_ones_own_moves_it_as_well(ana: User, prod: Area) -> None:
    calendar = calendar_for(prod)
    CalendarDay.objects.create(calendar=calendar, day="2020-11-16", every_year=True, name="Aniversario")
    book_forget()
    assert told(reported(ana).response_due_at) == "2026-11-17 12:00"


def test_hours_of_a_special_day_come_in_parts(ana: User, prod: Area) -> None:
    calendar = calendar_for(prod)
    for starts, ends in (("07:00", "08:00"), ("10:00", "11:00")):
        CalendarDay.objects.create(calendar=calendar, day="2026-11-16", kind="horario", starts=starts, ends=ends)
    book_forget()
    assert told(reported(ana).response_due_at) == "2026-11-17 10:00"


def test_each_area_has_its_calendar(ana: User, prod: Area, mant: Area, ivan: User) -> None:
    calendar_for(mant, is_always=True)
    assert told(reported(ivan, area="MANT").response_due_at) == "2026-11-13 21:00"
    assert told(reported(ana).response_due_at) == "2026-11-16 12:00"


def test_three_hours_paused_stay_paused_when_the_priority_is_raised(ana: User, luis: User) -> None:
    """The case of GLPI #6902."""
    incident = reported(ana, "2026-11-09T10:00", priority="P3")
    actor = luis.as_actor()
    with time_machine.travel(at("2026-11-09T10:30"), tick=False):
        claimed(incident, luis)
    with time_machine.travel(at("2026-11-09T11:00"), tick=False):
        incident_wait(actor=actor, incident_id=incident.pk, reason="Refacción")
    with time_machine.travel(at("2026-11-09T14:00"), tick=False):
        incident = incident_resume(actor=actor, incident_id=incident.pk)
        assert incident.paused_seconds == 3 * 3600
        incident = incident_update(actor=actor, incident_id=incident.pk, fields={"prioridad": "P1"})
    assert incident.paused_seconds == 3 * 3600
    assert told(incident.resolution_due_at) == "2026-11-10 12:00"
    pause = incident.pauses.get()
    assert (pause.started_at, pause.ended_at, pause.reason) == (
        at("2026-11-09T11:00"),
        at("2026-11-09T14:00"),
        "Refacción",
    )


def test_a_pause_that_runs_survives_a_change_of_priority(ana: User, luis: User) -> None:
    incident = reported(ana, "2026-11-09T10:00", priority="P3")
    actor = luis.as_actor()
    with time_machine.travel(at("2026-11-09T11:00"), tick=False):
        claimed(incident, luis)
        incident_wait(actor=actor, incident_id=incident.pk, reason="Refacción")
    with time_machine.travel(at("2026-11-09T12:00"), tick=False):
        incident_update(actor=actor, incident_id=incident.pk, fields={"prioridad": "P1"})
    with time_machine.travel(at("2026-11-09T14:00"), tick=False):
        incident = incident_resume(actor=actor, incident_id=incident.pk)
    assert told(incident.resolution_due_at) == "2026-11-10 12:00"


def test_another_level_starts_a_response_of_its_own(ana: User, luis: User) -> None:
    incident = reported(ana, "2026-11-09T10:00")
    with time_machine.travel(at("2026-11-09T13:00"), tick=False):
        incident = incident_escalate(actor=luis.as_actor(), incident_id=incident.pk, reason="Servidor")
    assert told(incident.response_due_at) == "2026-11-09 15:00"
    assert told(incident.resolution_due_at) == "2026-11-13 14:00"


def test_another_area_counts_in_its_own_calendar_and_keeps_the_pause(ana: User, eva: User, mant: Area) -> None:
    calendar_for(mant, is_always=True)
    incident = reported(ana, "2026-11-09T10:00", priority="P1")
    actor = eva.as_actor()
    with time_machine.travel(at("2026-11-09T17:00"), tick=False):
        incident_claim(actor=actor, user=eva, incident_id=incident.pk)
        incident_wait(actor=actor, incident_id=incident.pk, reason="Proveedor")
    with time_machine.travel(at("2026-11-10T09:00"), tick=False):
        incident = incident_resume(actor=actor, incident_id=incident.pk)
        assert (incident.paused_seconds, told(incident.resolution_due_at)) == (3600, "2026-11-10 10:00")
        incident = incident_update(actor=actor, incident_id=incident.pk, fields={"area": "MANT"})
    assert (incident.paused_seconds, told(incident.resolution_due_at)) == (16 * 3600, "2026-11-10 10:00")


def test_the_time_that_it_was_resolved_does_not_count(ana: User, luis: User) -> None:
    incident = reported(ana, "2026-11-09T10:00", priority="P1")
    actor = luis.as_actor()
    with time_machine.travel(at("2026-11-09T12:00"), tick=False):
        claimed(incident, luis)
        incident_resolve(actor=actor, incident_id=incident.pk, resolution=Resolution("Cambiar la junta."))
    with time_machine.travel(at("2026-11-09T13:00"), tick=False):
        incident_close(actor=actor, incident_id=incident.pk)
    with time_machine.travel(at("2026-11-12T12:00"), tick=False):
        incident = incident_reopen(actor=actor, incident_id=incident.pk, reason="Volvió")
    assert told(incident.resolution_due_at) == "2026-11-12 18:00"
    assert incident.pauses.get().kind == IncidentPause.Kind.RESOLVED


def test_the_first_policy_that_matches_holds(ana: User, prod: Area, mant: Area) -> None:
    SlaPolicy.objects.create(name="MES", position=1, if_source="mes", response_l1=10)
    SlaPolicy.objects.create(name="Otra área", position=2, if_area=mant, response_l1=20)
    SlaPolicy.objects.create(name="Apagada", position=3, is_enabled=False, response_l1=30)
    SlaPolicy.objects.create(name="P1", position=4, if_area=prod, if_priority="P1", response_l1=60, warn_percent=50)
    SlaPolicy.objects.create(name="P1 después", position=5, if_priority="P1", response_l1=50)
    book_forget()
    urgent, usual = (reported(ana, "2026-11-09T10:00", priority=priority) for priority in ("P1", "P3"))
    assert told(urgent.response_due_at) == "2026-11-09 11:00"
    assert told(urgent.response_warn_at) == "2026-11-09 10:30"
    assert told(usual.response_due_at) == "2026-11-09 14:00"


def test_a_policy_may_count_in_a_calendar_of_its_own(ana: User) -> None:
    always = BusinessCalendar.objects.get(is_always=True)
    SlaPolicy.objects.create(name="P1", position=1, if_priority="P1", calendar=always)
    book_forget()
    assert told(reported(ana, priority="P1").response_due_at) == "2026-11-13 21:00"


def test_a_report_is_taken_in_where_a_calendar_has_no_working_time(ana: User, prod: Area) -> None:
    empty = BusinessCalendar.objects.create(name="vacío", country="XX", subdivision="YY")
    AreaCalendar.objects.create(area=prod, calendar=empty)
    book_forget()
    incident = make_incident(ana)
    assert incident.pk
    assert incident.response_due_at is None
    assert incident.resolution_due_at is None


def test_recomputing_reaches_open_incidents_keeps_pauses_and_is_idempotent(ana: User, luis: User, prod: Area) -> None:
    incident, finished = reported(ana, "2026-11-09T10:00", priority="P1"), reported(ana, "2026-11-09T10:00")
    IncidentPause.objects.create(incident=incident, started_at=at("2026-11-09T11:00"), ended_at=at("2026-11-09T14:00"))
    Incident.objects.filter(pk=finished.pk).update(state="cerrado")
    edits = Incident.objects.get(pk=incident.pk).version
    calendar_for(prod, is_always=True)
    for _again in range(2):
        sla_recompute()
    incident.refresh_from_db(), finished.refresh_from_db()
    assert told(incident.resolution_due_at) == "2026-11-09 21:00"
    assert (incident.paused_seconds, incident.version) == (3 * 3600, edits)
    assert told(finished.resolution_due_at) == "2026-11-13 14:00"
    (entry,) = AuditEntry.objects.filter(accion="incident.retargeted")
    assert (entry.recurso, entry.actor_kind) == (incident.resource, "system")
    assert entry.detalles["pausado_segundos"] == {"antes": 0, "despues": 3 * 3600}


def test_one_recomputing_waits_however_often_it_is_asked_for() -> None:
    sla_recompute_request()
    sla_recompute_request()
    job = Job.objects.get(kind="sla.recompute")
    assert job.run_at > datetime.now(UTC) + timedelta(seconds=10)
