"""Keeps the service targets of an incident in step with its area, level, priority, source and pauses."""

from collections.abc import Iterable
from datetime import datetime

from incidents.case.models import Incident

from .book import book_now
from .clock import Calendar, Interval, NoWorkingTime, around_the_clock, target, working_between
from .models import IncidentPause
from .rules import MINUTE, Book, Case, Policy

TARGET_FIELDS = ["response_warn_at", "response_due_at", "resolution_warn_at", "resolution_due_at", "paused_seconds"]
Moments = tuple[datetime | None, datetime | None]


def case_of(incident: Incident) -> Case:
    return Case(incident.area_id, incident.priority, incident.level, incident.source)


def rules_for(incident: Incident, book: Book) -> tuple[Policy, Calendar]:
    """The policy that holds for an incident and the calendar that it counts in; danger doesn't wait for the morning."""
    case = case_of(incident)
    policy = book.policy_for(case)
    calendar = book.calendar_for(case, policy)
    return policy, around_the_clock(calendar.zone) if incident.is_emergency else calendar


def targets_apply(incident: Incident, *, pauses: Iterable[Interval] | None = None, book: Book | None = None) -> None:
    """Recompute both targets in place, pauses cut out, whatever changed.

    The pauses are read for a stored incident unless they are given. A calendar without working time leaves the
    targets empty: a report is never refused for it.
    """
    policy, calendar = rules_for(incident, book or book_now())
    cuts = _pauses_of(incident) if pauses is None else list(pauses)
    incident.paused_seconds = int(sum(working_between(since, until, calendar) for since, until in cuts))
    response = policy.response[incident.level] * MINUTE
    resolution = policy.resolution[incident.priority] * MINUTE
    incident.response_warn_at, incident.response_due_at = _moments(
        incident.level_since, response, calendar, cuts, policy.warn_share
    )
    incident.resolution_warn_at, incident.resolution_due_at = _moments(
        incident.created_at, resolution, calendar, cuts, policy.warn_share
    )


def _pauses_of(incident: Incident) -> list[Interval]:
    return list(incident.pauses.values_list("started_at", "ended_at")) if incident.pk else []


def _moments(start: datetime, seconds: float, calendar: Calendar, pauses: list[Interval], warn_share: float) -> Moments:
    try:
        found = target(start, seconds, calendar, pauses=pauses, warn_share=warn_share)
    except NoWorkingTime:
        return None, None
    return found.warn_at, found.due_at


def pause_end(incident: Incident, now: datetime) -> None:
    """Keep the time waited as a pause, and move the targets by what of it was working time."""
    if incident.waiting_since is None:
        return
    since, reason = incident.waiting_since, incident.waiting_reason
    incident.waiting_since, incident.waiting_reason = None, ""
    pause_add(incident, since, now, IncidentPause.Kind.WAITING, reason)


def pause_add(incident: Incident, since: datetime, until: datetime, kind: str, reason: str = "") -> None:
    """Time that doesn't count; in the caller's transaction, on the locked incident, which the caller saves."""
    if until > since:
        IncidentPause.objects.create(incident=incident, started_at=since, ended_at=until, kind=kind, reason=reason)
    targets_apply(incident)
