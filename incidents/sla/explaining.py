"""How each target of an incident comes about: policy, calendar, pauses, and every interval that was counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from audit.selectors import entries_of
from incidents.case.choices import Timer
from incidents.case.models import Incident
from incidents.case.risk import risk

from .book import book_now
from .clock import Calendar, Interval, counted_until, working_between
from .models import IncidentPause, SlaMark
from .rules import MINUTE
from .running import CLOCKS, RESPONSE, Clock
from .targets import rules_for

SAME_MOMENT = timedelta(minutes=10)  # of a sweep: its clock and the database's
ACTIONS: dict[str, str] = {
    SlaMark.What.WARNED: "incident.sla_warned",
    SlaMark.What.BREACHED: "incident.sla_breached",
    SlaMark.What.RULE: "incident.rule_applied",
}
INTERVALS = 60  # the newest; more than twelve weeks of working days


@dataclass(frozen=True)
class Counted:
    """A stretch of time and the seconds of it that count, or, for a pause, that don't."""

    since: datetime
    until: datetime | None
    seconds: int
    kind: str = ""
    reason: str = ""


@dataclass(frozen=True)
class TimerStory:
    """One target. `state`: ok, en_riesgo, vencido (running); pausado; cumplido, incumplido (ended)."""

    timer: Timer
    state: str
    policy: str
    calendar: Calendar
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    ended_at: datetime | None
    target_seconds: int
    used_seconds: int
    pauses: Sequence[Counted]
    intervals: Sequence[Counted]
    intervals_left_out: int
    marks: Sequence[SlaMark] = field(default_factory=list)

    @property
    def used_percent(self) -> int:
        return 100 * self.used_seconds // max(self.target_seconds, 1)

    @property
    def paused_seconds(self) -> int:
        return sum(pause.seconds for pause in self.pauses)


def sla_explain(incident: Incident, now: datetime | None = None) -> list[TimerStory]:
    """First response and resolution; none where targets were never set."""
    now = now or timezone.now()
    pauses, marks = list(incident.pauses.all()), _marks_done(incident)
    return [
        _story(incident, clock, pauses, [mark for mark in marks if mark.timer == clock.timer], now)
        for clock in CLOCKS.values()
        if clock.due_at(incident)
    ]


def _marks_done(incident: Incident) -> list[SlaMark]:
    """Those of what the clock really did, by the trail. Others only keep it from telling of the past: those of a case
    that was loaded as it happened elsewhere."""
    done = entries_of(incident.resource).filter(accion__in=ACTIONS.values())
    rows = list(done.values_list("accion", "detalles__plazo", "detalles__regla", "timestamp"))
    return [mark for mark in incident.sla_marks.select_related("rule") if any(_is_of(mark, *row) for row in rows)]


def _is_of(mark: SlaMark, action: str, timer: str, rule: str | None, at: datetime) -> bool:
    """A rule may have another name by now, so the moment tells as well."""
    is_named = rule == (mark.rule.name if mark.rule else None)
    return (action, timer) == (ACTIONS[mark.what], mark.timer) and (is_named or abs(at - mark.at) < SAME_MOMENT)


def _story(
    incident: Incident, clock: Clock, pauses: list[IncidentPause], marks: list[SlaMark], now: datetime
) -> TimerStory:
    policy, calendar = rules_for(incident, book_now())
    started, ended = clock.started_at(incident), _ended_at(incident, clock)
    until = ended or incident.waiting_since or now
    shown = [pause for pause in pauses if pause.ended_at > started and pause.started_at < until]
    cuts: list[Interval] = [(pause.started_at, pause.ended_at) for pause in shown]
    intervals = [
        Counted(since, till, int((till - since).total_seconds()))
        for since, till in counted_until(started, until, calendar, cuts)
    ]
    minutes = policy.response[incident.level] if clock is RESPONSE else policy.resolution[incident.priority]
    warn_at, due_at = getattr(incident, clock.warn), clock.due_at(incident)
    return TimerStory(
        timer=clock.timer,
        state=_state(ended, incident.waiting_since, now, warn_at, due_at),
        policy=policy.name,
        calendar=calendar,
        started_at=started,
        warn_at=warn_at,
        due_at=due_at,
        ended_at=ended,
        target_seconds=minutes * MINUTE,
        used_seconds=sum(interval.seconds for interval in intervals),
        pauses=[_pause(pause, calendar) for pause in shown] + _running_pause(incident, ended, calendar, now),
        intervals=intervals[-INTERVALS:],
        intervals_left_out=max(len(intervals) - INTERVALS, 0),
        marks=[mark for mark in marks if mark.started_at == started],
    )


def _ended_at(incident: Incident, clock: Clock) -> datetime | None:
    finished = incident.resolved_at or incident.closed_at
    return (incident.responded_at or finished) if clock is RESPONSE else finished


def _pause(pause: IncidentPause, calendar: Calendar) -> Counted:
    seconds = working_between(pause.started_at, pause.ended_at, calendar)
    return Counted(pause.started_at, pause.ended_at, int(seconds), pause.kind, pause.reason)


def _running_pause(incident: Incident, ended: datetime | None, calendar: Calendar, now: datetime) -> list[Counted]:
    if incident.waiting_since is None or (ended and ended <= incident.waiting_since):
        return []
    seconds = int(working_between(incident.waiting_since, now, calendar))
    return [Counted(incident.waiting_since, None, seconds, IncidentPause.Kind.WAITING, incident.waiting_reason)]


def _state(ended: datetime | None, waiting: datetime | None, now: datetime, warn_at: datetime, due_at: datetime) -> str:
    if ended:
        return "cumplido" if ended <= due_at else "incumplido"
    return "pausado" if waiting else risk(now, warn_at, due_at)
