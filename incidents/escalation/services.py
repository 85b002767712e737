"""Escalation rules: which incidents have used up the share of their target, and what follows, once for each run."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from incidents.case.events import Change, record_changes
from incidents.case.models import Incident
from incidents.case.writing import incident_touch, incidents_locked_of
from incidents.moves.lifecycle import give_to, raise_to
from incidents.sla.book import book_now
from incidents.sla.clock import Interval, NoWorkingTime, add_working
from incidents.sla.models import IncidentPause, SlaMark
from incidents.sla.rules import MINUTE, SHIPPED, Book
from incidents.sla.running import CLOCKS, RESPONSE, mark_of, running, without_mark
from incidents.sla.targets import TARGET_FIELDS, rules_for
from prsystem.accounts.models import User
from prsystem.accounts.names import person_reference
from prsystem.accounts.selectors import engineers_of
from prsystem.core.context import SYSTEM
from prsystem.core.database.bulk import insert_many, update_many

from .models import EscalationRule

log = structlog.get_logger(__name__)
ASSIGNED = "incident.assigned"
LIMIT = 500  # of one rule in one sweep; the rest follows in the next one
MOVED = (
    *("level", "is_emergency", "level_since", "assignee", "state", "first_response_at", "responded_at", "automatic"),
    *("version", "updated_at", *TARGET_FIELDS),
)


@dataclass
class Causes:
    """What a sweep has told of each incident first: all that it does with one is one event to whoever is told, but for
    an assignment, which is told by itself."""

    _first: dict[int, int] = field(default_factory=dict)

    def record(self, changes: Sequence[Change]) -> None:
        known = [
            change if change.action == ASSIGNED else replace(change, cause=self._first.get(change.incident.pk, 0))
            for change in changes
        ]
        for change, entry_id in zip(changes, record_changes(SYSTEM, known), strict=True):
            self._first.setdefault(change.incident.pk, entry_id)


def rules_apply(now: datetime, causes: Causes | None = None) -> int:
    """Apply every enabled rule in order; how often one was applied."""
    causes = causes or Causes()
    return sum(_rule_apply(rule, now, causes) for rule in EscalationRule.objects.filter(is_enabled=True))


def _rule_apply(rule: EscalationRule, now: datetime, causes: Causes) -> int:
    book = book_now()
    candidates = _candidates(rule, book, now)
    if rule.at_percent == 100:
        candidates = candidates[:LIMIT]  # the database knows them by their due date
    pauses = _pauses_of(candidates)
    reached = (one.pk for one in candidates if _is_reached(rule, one, pauses[one.pk], book, now))
    found = list(islice(reached, LIMIT))
    return _apply(rule, found, now, causes) if found else 0


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


def _pauses_of(incidents: Iterable[Incident]) -> dict[int, list[Interval]]:
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


@transaction.atomic
def _apply(rule: EscalationRule, incident_ids: list[int], now: datetime, causes: Causes) -> int:
    """All of them in one transaction: what was changed meanwhile is looked at again under the locks."""
    clock, locked = CLOCKS[rule.timer], incidents_locked_of(incident_ids)
    still = without_mark(running(clock, now), clock, SlaMark.What.RULE, rule.pk).filter(_conditions(rule))
    incidents = [locked[pk] for pk in still.filter(pk__in=locked).values_list("pk", flat=True)]
    insert_many([mark_of(incident, clock, SlaMark.What.RULE, now, rule.pk) for incident in incidents])
    told = {"regla": rule.name, "plazo": clock.timer.value, "porcentaje": rule.at_percent}
    people = _People(rule)
    applied = [
        Change(incident, "incident.rule_applied", {**told, "avisar": people.told_of(incident)})
        for incident in incidents
    ]
    causes.record(applied)
    _move(rule, incidents, people, causes)
    return len(incidents)


def _move(rule: EscalationRule, incidents: list[Incident], people: "_People", causes: Causes) -> None:
    """Up and to whom the rule says, in memory, then saved and recorded together."""
    now, pauses, moves = timezone.now(), _pauses_of(incidents), []
    for incident in incidents:
        if rule.to_level > incident.level:
            moves.append(raise_to(SYSTEM, incident, rule.to_level, rule.name, now, pauses[incident.pk]))
            incident_touch(incident, now)
        if rule.assign_to and people.may_work(rule.assign_to, incident.area_id):
            moves.append(give_to(incident, rule.assign_to, now))
            incident_touch(incident, now)
    update_many(list({move.incident.pk: move.incident for move in moves}.values()), MOVED)
    causes.record(moves)


@dataclass
class _People:
    """Who is told and who is given the work by a rule; the support of each area is read once."""

    rule: EscalationRule
    _support: dict[int, set[int]] = field(default_factory=dict)
    _workers: dict[int, bool] = field(default_factory=dict)

    def told_of(self, incident: Incident) -> list[str]:
        """As the trail names people."""
        people = {self.rule.notify_user.pk} if self.rule.notify_user else set()
        if self.rule.notify_assignee and incident.assignee:
            people.add(incident.assignee.pk)
        if self.rule.notify_level:
            people |= self._support_of(incident.area_id)
        return [str(person_reference(number)) for number in sorted(people)]

    def _support_of(self, area_id: int) -> set[int]:
        if area_id not in self._support:
            found = engineers_of(area_id).filter(grants__role=self.rule.notify_level.lower())
            self._support[area_id] = set(found.values_list("pk", flat=True))
        return self._support[area_id]

    def may_work(self, user: User, area_id: int) -> bool:
        """Whether somebody is in the support of the area, and active."""
        if area_id not in self._workers:
            self._workers[area_id] = engineers_of(area_id).filter(pk=user.pk).exists()
            if not self._workers[area_id]:
                log.warning("escalation.not_assigned", rule_id=self.rule.pk, area_id=area_id)
        return self._workers[area_id]
