"""Escalation rules: which incidents have used up the share of their target, and what follows, once for each run."""

from collections import defaultdict
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from prsystem.accounts.models import User
from prsystem.accounts.names import person_reference
from prsystem.accounts.selectors import engineers_of
from prsystem.core.context import SYSTEM
from prsystem.core.errors import InvalidInput

from ..models import EscalationRule, Incident, IncidentPause, SlaMark
from ..sla import Interval, NoWorkingTime, add_working
from ..sla_rules import MINUTE, SHIPPED, Book
from .events import record_change
from .lifecycle import incident_assign, incident_escalate, incident_locked
from .running import CLOCKS, RESPONSE, Clock, mark_of, running, without_mark
from .sla_book import book_now
from .targets import rules_for

log = structlog.get_logger(__name__)
LIMIT = 200  # of one rule in one sweep; the rest follows in the next one


def rules_apply(now: datetime) -> int:
    """Apply every enabled rule in order; how often one was applied."""
    return sum(_rule_apply(rule, now) for rule in EscalationRule.objects.filter(is_enabled=True))


def _rule_apply(rule: EscalationRule, now: datetime) -> int:
    book = book_now()
    candidates = list(_candidates(rule, book, now))
    pauses = _pauses_of(candidates)
    reached = [incident for incident in candidates if _is_reached(rule, incident, pauses[incident.pk], book, now)]
    return sum(_apply_once(rule, incident.pk, now) for incident in reached[:LIMIT])


def _candidates(rule: EscalationRule, book: Book, now: datetime) -> QuerySet[Incident]:
    """Those that may have used up the share, by the stored moments alone."""
    clock = CLOCKS[rule.timer]
    found = running(clock, now).filter(_conditions(rule), **{f"{clock.due}__isnull": False})
    latest_warning = max([SHIPPED.warn_share, *(policy.warn_share for policy in book.policies)])
    if rule.at_percent >= 100:
        found = found.filter(**{f"{clock.due}__lte": now})
    elif rule.at_percent >= latest_warning * 100:
        found = found.filter(**{f"{clock.warn}__lte": now})
    return without_mark(found, clock, SlaMark.What.RULE, rule.pk)


def _conditions(rule: EscalationRule) -> Q:
    given = {"area": rule.if_area_id, "priority": rule.if_priority, "level": rule.if_level}
    return Q(**{name: value for name, value in given.items() if value})


def _pauses_of(incidents: list[Incident]) -> dict[int, list[Interval]]:
    found: dict[int, list[Interval]] = defaultdict(list)
    rows = IncidentPause.objects.filter(incident__in=[incident.pk for incident in incidents])
    for pk, since, until in rows.values_list("incident_id", "started_at", "ended_at"):
        found[pk].append((since, until))
    return found


def _is_reached(rule: EscalationRule, incident: Incident, pauses: list[Interval], book: Book, now: datetime) -> bool:
    if rule.at_percent == 100:
        return True  # by its due date
    policy, calendar = rules_for(incident, book)
    clock = CLOCKS[rule.timer]
    minutes = policy.response[incident.level] if clock is RESPONSE else policy.resolution[incident.priority]
    share = minutes * MINUTE * rule.at_percent / 100
    try:
        return add_working(clock.started_at(incident), share, calendar, pauses) <= now
    except NoWorkingTime:
        return False


def _apply_once(rule: EscalationRule, incident_id: int, now: datetime) -> int:
    """One incident in one transaction: what was changed meanwhile is looked at again under the lock."""
    clock = CLOCKS[rule.timer]
    with incident_locked(incident_id):
        still = without_mark(running(clock, now), clock, SlaMark.What.RULE, rule.pk).filter(_conditions(rule))
        incident = still.filter(pk=incident_id).first()
        if incident is None:
            return 0
        mark_of(incident, clock, SlaMark.What.RULE, now, rule.pk).save()
        told = {"regla": rule.name, "plazo": clock.timer.value, "porcentaje": rule.at_percent}
        record_change(SYSTEM, incident, "incident.rule_applied", {**told, "avisar": _people(rule, incident)})
        _move(rule, incident, clock)
    return 1


def _move(rule: EscalationRule, incident: Incident, clock: Clock) -> None:
    if rule.to_level > incident.level:
        incident_escalate(actor=SYSTEM, incident_id=incident.pk, reason=rule.name, level=rule.to_level)
    if rule.assign_to is None:
        return
    try:
        with transaction.atomic():
            incident_assign(actor=SYSTEM, incident_id=incident.pk, username=rule.assign_to.username)
    except InvalidInput:  # not in the support of this area, or not active any more
        log.warning("escalation.not_assigned", rule_id=rule.pk, incident_id=incident.pk)


def _people(rule: EscalationRule, incident: Incident) -> list[str]:
    """Who is told, as the trail names people."""
    people = {rule.notify_user.pk} if rule.notify_user else set()
    if rule.notify_assignee and incident.assignee:
        people.add(incident.assignee.pk)
    if rule.notify_level:
        people |= set(_support(incident.area_id, rule.notify_level).values_list("pk", flat=True))
    return [str(person_reference(number)) for number in sorted(people)]


def _support(area_id: int, level: str) -> QuerySet[User]:
    return engineers_of(area_id).filter(grants__role=level.lower())
