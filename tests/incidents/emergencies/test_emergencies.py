"""A report of danger: P1 at once on a clock that never stops, no procedure, everybody who can help is told."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from audit.models import AuditEntry
from incidents.emergencies.services import emergency_call_off, emergency_declare
from incidents.models import Incident, Suggestion
from incidents.models_notices import NoticeKind, NoticePreferences, Notification, Rhythm
from incidents.services.suggesting import suggestion_request
from incidents.sla_rules import RESOLUTION_MINUTES
from prsystem.accounts.models import User
from prsystem.core.errors import Conflict, NotAllowed
from prsystem.core.models import Job
from tests.incidents.makers import make_incident
from tests.jobs import run_jobs
from tests.people import actor, api

pytestmark = pytest.mark.django_db
SUNDAY_NIGHT = datetime(2026, 7, 5, 23, 30, tzinfo=UTC)


def burning(reporter: User, **fields: object) -> Incident:
    return make_incident(reporter, title="Se está quemando el tablero 4", description="Sale humo negro.", **fields)


def test_it_is_urgent_at_once_whatever_priority_was_given(ana: User) -> None:
    incident = burning(ana, priority="P4")
    assert (incident.is_emergency, incident.priority, incident.automatic["emergencia"]["valor"]) == (
        True,
        "P1",
        "fuego",
    )
    assert Job.objects.filter(kind="incident.assist", queue="urgent").count() == 1
    assert AuditEntry.objects.filter(accion="incident.emergency_declared", recurso=incident.resource).count() == 1


def test_its_clock_runs_on_a_sunday_night(ana: User) -> None:
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        incident = burning(ana)
    assert incident.resolution_due_at == SUNDAY_NIGHT + timedelta(minutes=RESOLUTION_MINUTES["P1"])


def test_no_procedure_is_proposed_nor_can_one_be_asked_for(ana: User, luis: User) -> None:
    incident = burning(ana)
    run_jobs("incident.assist")
    assert not Suggestion.objects.filter(incident=incident).exists()
    with pytest.raises(Conflict):
        suggestion_request(actor=actor(luis), incident_id=incident.pk)


def test_all_who_can_help_are_told_here_and_by_mail_whatever_they_chose(
    ana: User, luis: User, marta: User, ivan: User, eva: User, extraño: User
) -> None:
    User.objects.filter(pk=luis.pk).update(email="luis@planta.example")
    NoticePreferences.objects.create(
        user=luis, rhythm=Rhythm.DAILY, channels=dict.fromkeys(NoticeKind.values, "ninguno")
    )
    burning(ana)
    run_jobs("incident.notify")
    told = Notification.objects.filter(kind=NoticeKind.EMERGENCY)
    assert {notice.user for notice in told} == {luis, marta, eva}  # Iván works in another area
    assert all(notice.in_app and notice.by_mail for notice in told)
    mails = Job.objects.filter(kind="notice.mail")
    assert (mails.count(), set(mails.values_list("queue", flat=True))) == (3, {"urgent"})


def test_support_calls_it_off_and_everything_goes_back(ana: User, luis: User) -> None:
    incident = burning(ana, priority="P4")
    usual = make_incident(ana, priority="P4")
    with pytest.raises(NotAllowed):
        emergency_call_off(actor=actor(ana), incident_id=incident.pk)
    emergency_call_off(actor=actor(luis), incident_id=incident.pk, reason="Era vapor.")
    incident.refresh_from_db()
    assert (incident.is_emergency, incident.emergency_reason, incident.priority) == (False, "", "P4")
    assert incident.resolution_due_at is not None
    assert usual.resolution_due_at is not None
    assert abs(incident.resolution_due_at - usual.resolution_due_at) < timedelta(minutes=1)
    assert Suggestion.objects.filter(incident=incident).count() == 1


def test_the_priority_that_nobody_gave_is_looked_for_again(ana: User, luis: User) -> None:
    incident = burning(ana)
    emergency_call_off(actor=actor(luis), incident_id=incident.pk)
    incident.refresh_from_db()
    assert incident.automatic["prioridad"] == {"estado": "pendiente"}


def test_a_person_declares_one_that_no_word_tells(ana: User, luis: User, extraño: User) -> None:
    incident = make_incident(ana)
    with pytest.raises(NotAllowed):
        emergency_declare(actor=actor(extraño), incident_id=incident.pk)
    emergency_declare(actor=actor(ana), incident_id=incident.pk, reason="Hay alguien adentro")
    again = emergency_declare(actor=actor(luis), incident_id=incident.pk)
    assert (again.is_emergency, again.emergency_reason, again.priority) == (True, "Hay alguien adentro", "P1")
    assert AuditEntry.objects.filter(accion="incident.emergency_declared").count() == 1


def test_reports_of_systems_are_looked_at_too(eva: User, ana: User) -> None:
    body = {"titulo": "Fuga de amoniaco en cuarto frío", "descripcion": "Sensor 4 al máximo.", "area": "PROD"}
    assert api(ana).post("/api/incidencias", body).json()["prioridad"] == "P1"
