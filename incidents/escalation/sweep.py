"""By the clock: tell once that a target is at risk and once that it is breached, then apply the escalation rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from incidents.case.events import Change
from incidents.case.models import Incident
from incidents.sla.models import SlaMark
from incidents.sla.running import CLOCKS, Clock, mark_of, running, without_mark
from prsystem.core.database.bulk import insert_many

from .models import EscalationRule
from .services import Causes, rules_apply

LOCK = 0x5052_534C  # "PRSL": two sweeps never tell of the same incident
BATCH = 2000
ACTIONS = {SlaMark.What.WARNED: "incident.sla_warned", SlaMark.What.BREACHED: "incident.sla_breached"}
EVENTS = {SlaMark.What.WARNED: "incidencia.sla_en_riesgo", SlaMark.What.BREACHED: "incidencia.sla_vencido"}


@dataclass(frozen=True)
class Swept:
    """How much a sweep did."""

    warned: int = 0
    breached: int = 0
    escalated: int = 0


def sla_sweep(now: datetime | None = None) -> Swept:
    """Safe to run at any time, also twice at once; what was told stays told."""
    now, causes = now or timezone.now(), Causes()
    warned = breached = 0
    for clock in CLOCKS.values():
        breached += _tell_all(clock, SlaMark.What.BREACHED, now, causes)
        warned += _tell_all(clock, SlaMark.What.WARNED, now, causes)
    return Swept(warned, breached, rules_apply(now, causes))


def _tell_all(clock: Clock, what: SlaMark.What, now: datetime, causes: Causes) -> int:
    total = 0
    while count := _tell(clock, what, now, causes):
        total += count
        if count < BATCH:
            break
    return total


@transaction.atomic
def _tell(clock: Clock, what: SlaMark.What, now: datetime, causes: Causes) -> int:
    """One batch: marks, audit entries and events in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    found = list(without_mark(_reached(clock, what, now), clock, what)[:BATCH])
    insert_many([mark_of(incident, clock, what, now) for incident in found])
    causes.record([_change(incident, clock, what) for incident in found])
    return len(found)


def _reached(clock: Clock, what: SlaMark.What, now: datetime) -> QuerySet[Incident]:
    """A breach that nobody was warned of is told as a breach alone."""
    if what == SlaMark.What.BREACHED:
        return running(clock, now).filter(**{f"{clock.due}__lte": now})
    return running(clock, now).filter(**{f"{clock.warn}__lte": now, f"{clock.due}__gt": now})


def _change(incident: Incident, clock: Clock, what: SlaMark.What) -> Change:
    told = {"plazo": clock.timer.value, "vence_en": clock.due_at(incident).isoformat(timespec="seconds")}
    assignee = incident.assignee.username if incident.assignee else None
    return Change(incident, ACTIONS[what], told, EVENTS[what], {**told, "asignado_a": assignee})


def sla_mark_past(incidents: Iterable[Incident], now: datetime) -> int:
    """Mark the past as told and every rule as applied: for cases that are loaded as they happened elsewhere."""
    rules = list(EscalationRule.objects.all())
    marks: list[SlaMark] = []
    for incident in incidents:
        for clock in CLOCKS.values():
            reached = {
                SlaMark.What.WARNED: getattr(incident, clock.warn),
                SlaMark.What.BREACHED: clock.due_at(incident),
            }
            marks += [mark_of(incident, clock, what, at) for what, at in reached.items() if at and at <= now]
            marks += [mark_of(incident, clock, SlaMark.What.RULE, now, rule.pk) for rule in rules]
    insert_many(marks)
    return len(marks)
