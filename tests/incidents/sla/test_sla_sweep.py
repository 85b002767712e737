"""The sweep: told once, in the outbox and the trail; escalation rules applied once for each run of a target."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from audit.models import AuditEntry
from incidents.case.look.timeline import timeline
from incidents.demo.load import demo_load
from incidents.escalation.sweep import Swept, sla_sweep
from incidents.models import EscalationRule, Incident, IncidentPause, Notification, SlaMark, State
from incidents.moves.editing import incident_update
from incidents.moves.lifecycle import incident_escalate, incident_wait
from incidents.notices.services import incident_notify
from prsystem.accounts.models import User
from prsystem.core.jobs import schedule
from prsystem.core.models import Job, OutboxEvent
from tests.incidents.makers import claimed, make_incident

pytestmark = pytest.mark.django_db
MEXICO = ZoneInfo("America/Mexico_City")
WARNED, BREACHED = "incidencia.sla_en_riesgo", "incidencia.sla_vencido"


def at(text: str) -> datetime:
    """A moment of Monday 9 November 2026 or, with a date, of another day."""
    return datetime.fromisoformat(text if "T" in text else f"2026-11-09T{text}").replace(tzinfo=MEXICO)


def told(*events: str) -> list[tuple[str, str]]:
    rows = OutboxEvent.objects.filter(event__in=events or (WARNED, BREACHED)).order_by("id")
    return [(row.event.removeprefix("incidencia."), row.payload["plazo"]) for row in rows]


@pytest.fixture
def incident(ana: User) -> Incident:
    """Reported at ten: response due at 14:00, at risk at 13:00; P3, due on Friday at 14:00."""
    EscalationRule.objects.update(is_enabled=False)
    with time_machine.travel(at("10:00"), tick=False):
        return make_incident(ana)


def rule(**fields: object) -> EscalationRule:
    return EscalationRule.objects.create(**{"name": "Regla", "to_level": "L2", **fields})


def test_the_schedule_runs_it() -> None:
    assert schedule.by_clock()["sla-sweep"].act == f"{sla_sweep.__module__}.{sla_sweep.__qualname__}"


def test_a_warning_and_a_breach_are_told_once_each(incident: Incident) -> None:
    assert sla_sweep(at("12:59")) == Swept()
    assert sla_sweep(at("13:00")) == Swept(warned=1)
    assert sla_sweep(at("13:00")) == Swept()
    assert sla_sweep(at("13:59")) == Swept()
    assert sla_sweep(at("14:00")) == Swept(breached=1)
    assert sla_sweep(at("18:00")) == Swept()
    assert told() == [("sla_en_riesgo", "respuesta"), ("sla_vencido", "respuesta")]
    event = OutboxEvent.objects.get(event=BREACHED)
    assert (event.resource, event.payload["incidencia_id"]) == (incident.resource, str(incident.pk))
    assert event.payload["vence_en"] == "2026-11-09T20:00:00+00:00"
    entries = AuditEntry.objects.filter(accion__startswith="incident.sla_").order_by("id")
    assert [(entry.accion, entry.actor_kind, entry.recurso) for entry in entries] == [
        ("incident.sla_warned", "system", incident.resource),
        ("incident.sla_breached", "system", incident.resource),
    ]
    assert Incident.objects.get(pk=incident.pk).version == incident.version
    support, reporter = (timeline(entries, [], {}, for_support=flag) for flag in (True, False))
    assert len(support) == 2
    assert not reporter


def test_a_breach_found_late_is_told_without_its_warning(incident: Incident) -> None:
    assert sla_sweep(at("17:00")) == Swept(breached=1)
    assert sla_sweep(at("17:01")) == Swept()


def test_what_is_answered_paused_silent_or_finished_is_left_alone(incident: Incident, luis: User) -> None:
    Incident.objects.filter(pk=incident.pk).update(quiet_until=at("2026-11-30T10:00"))
    assert sla_sweep(at("14:00")) == Swept()
    Incident.objects.filter(pk=incident.pk).update(quiet_until=None)
    with time_machine.travel(at("13:30"), tick=False):
        claimed(incident, luis)
    assert sla_sweep(at("14:00")) == Swept()
    with time_machine.travel(at("14:30"), tick=False):
        incident_wait(actor=luis.as_actor(), incident_id=incident.pk, reason="Refacción")
    assert sla_sweep(at("2026-12-09T10:00")) == Swept()
    Incident.objects.filter(pk=incident.pk).update(state=State.RESOLVED, waiting_since=None)
    assert sla_sweep(at("2026-12-09T10:00")) == Swept()


def test_the_resolution_is_told_of_as_well(incident: Incident, luis: User) -> None:
    with time_machine.travel(at("11:00"), tick=False):
        claimed(incident, luis)
    assert sla_sweep(at("2026-11-13T14:00")) == Swept(breached=1)
    assert told() == [("sla_vencido", "resolucion")]
    assert OutboxEvent.objects.get(event=BREACHED).payload["asignado_a"] == "luis"


def test_the_next_level_is_a_run_of_its_own_and_a_lower_priority_tells_nothing_twice(
    incident: Incident, luis: User
) -> None:
    sla_sweep(at("14:00"))
    with time_machine.travel(at("15:00"), tick=False):
        incident_escalate(actor=luis.as_actor(), incident_id=incident.pk, reason="Servidor")
    assert sla_sweep(at("16:45")) == Swept(warned=1)
    assert sla_sweep(at("17:00")) == Swept(breached=1)
    with time_machine.travel(at("17:30"), tick=False):
        incident_update(actor=luis.as_actor(), incident_id=incident.pk, fields={"prioridad": "P4"})
    assert sla_sweep(at("17:45")) == Swept()
    assert SlaMark.objects.filter(incident=incident).count() == 3


def test_the_shipped_rules_take_it_to_l2_and_on_to_l3(incident: Incident, marta: User) -> None:
    EscalationRule.objects.update(is_enabled=True)
    with time_machine.travel(at("14:00"), tick=False):
        assert sla_sweep() == Swept(breached=1, escalated=1)
        assert sla_sweep() == Swept()
    incident.refresh_from_db()
    assert (incident.level, incident.level_since) == ("L2", at("14:00"))
    applied = AuditEntry.objects.get(accion="incident.rule_applied")
    assert applied.detalles["avisar"] == [f"usuario:{User.objects.get(username='marta').pk}"]
    assert AuditEntry.objects.get(accion="incident.escalated").actor_kind == "system"
    with time_machine.travel(at("16:00"), tick=False):
        assert sla_sweep() == Swept(breached=1, escalated=1)
    incident.refresh_from_db()
    assert incident.level == "L3"
    assert OutboxEvent.objects.filter(event="incidencia.escalada").count() == 2


@pytest.mark.parametrize(
    ("percent", "before", "then"),
    [
        (25, "10:59", "11:00"),
        (75, "12:59", "13:00"),
        (90, "13:35", "13:36"),
        (100, "13:59", "14:00"),
        (150, "15:59", "16:00"),
    ],
)
def test_a_rule_waits_for_its_share_of_the_time(incident: Incident, percent: int, before: str, then: str) -> None:
    rule(at_percent=percent)
    assert sla_sweep(at(before)).escalated == 0
    assert sla_sweep(at(then)).escalated == 1


def test_a_pause_moves_the_share(incident: Incident) -> None:
    rule(at_percent=50)
    IncidentPause.objects.create(incident=incident, started_at=at("10:30"), ended_at=at("11:00"))
    assert sla_sweep(at("12:00")).escalated == 0
    assert sla_sweep(at("12:30")).escalated == 1


def test_a_rule_with_conditions_that_do_not_hold_does_nothing(incident: Incident, mant) -> None:
    rule(name="a", if_level="L2", to_level="L3")
    rule(name="b", if_priority="P1")
    rule(name="c", if_area=mant)
    rule(name="d", timer="resolucion")
    assert sla_sweep(at("17:00")) == Swept(breached=1)


def test_a_rule_assigns_and_names_whom_to_tell(incident: Incident, luis: User, eva: User, extraño: User) -> None:
    rule(to_level="", assign_to=luis, notify_user=eva, notify_level="L1")
    sla_sweep(at("14:00"))
    incident.refresh_from_db()
    assert (incident.assignee, incident.level) == (luis, "L1")
    assert AuditEntry.objects.get(accion="incident.rule_applied").detalles["avisar"] == [
        f"usuario:{user.pk}" for user in (luis, eva)
    ]
    for job in Job.objects.filter(kind="incident.notify"):
        incident_notify(**job.payload)
    assert Notification.objects.filter(user=eva, kind="sla_vencido").count() == 1
    assert Notification.objects.filter(user=luis, kind="sla_vencido").count() == 1  # of breach and rule


def test_somebody_from_elsewhere_is_not_assigned_and_the_rule_still_escalates(
    incident: Incident, extraño: User
) -> None:
    rule(assign_to=extraño)
    assert sla_sweep(at("14:00")).escalated == 1
    incident.refresh_from_db()
    assert (incident.assignee, incident.level) == (None, "L2")


def test_the_demo_starts_with_its_past_told() -> None:
    now = at("2026-11-10T11:00")
    demo_load(now=now)
    assert Incident.objects.filter(response_due_at__lte=now, responded_at=None).exists()
    assert sla_sweep(now) == Swept()
    assert sla_sweep(now + timedelta(days=3)).escalated == 0
    assert OutboxEvent.objects.filter(event=BREACHED).exists()
