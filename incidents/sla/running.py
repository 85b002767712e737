"""The timers that run: which incidents, since when, until when. Querysets for the sweep and the rules."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.case.choices import State, Timer
from incidents.case.models import Incident

from .models import SlaMark

RUNNING_STATES = (State.NEW, State.IN_PROGRESS)
READ = (
    *(
        "id",
        "area",
        "state",
        "level",
        "is_emergency",
        "priority",
        "source",
        "version",
        "assignee",
        "level_since",
        "created_at",
    ),
    *("response_warn_at", "response_due_at", "resolution_warn_at", "resolution_due_at", "is_emergency"),
)


@dataclass(frozen=True)
class Clock:
    """The columns of a timer."""

    timer: Timer
    start: str
    warn: str
    due: str

    def started_at(self, incident: Incident) -> datetime:
        return getattr(incident, self.start)

    def due_at(self, incident: Incident) -> datetime:
        return getattr(incident, self.due)


RESPONSE = Clock(Timer.RESPONSE, "level_since", "response_warn_at", "response_due_at")
RESOLUTION = Clock(Timer.RESOLUTION, "created_at", "resolution_warn_at", "resolution_due_at")
CLOCKS: dict[str, Clock] = {clock.timer: clock for clock in (RESPONSE, RESOLUTION)}


def running(clock: Clock, now: datetime) -> QuerySet[Incident]:
    """Open incidents whose clock runs: not waiting, not answered yet, not silenced by maintenance."""
    found = Incident.objects.filter(
        Q(quiet_until=None) | Q(quiet_until__lte=now), state__in=RUNNING_STATES, waiting_since=None
    )
    if clock is RESPONSE:
        found = found.filter(responded_at=None)
    # Prefetched, not joined: thousands of incidents share a few areas and people.
    return found.prefetch_related("area", "assignee").only(*READ).order_by("pk")


def without_mark(found: QuerySet[Incident], clock: Clock, what: str, rule_id: int | None = None) -> QuerySet[Incident]:
    """Those of which this wasn't told or done in the present run of the timer."""
    marks = SlaMark.objects.filter(
        incident=OuterRef("pk"), timer=clock.timer, started_at=OuterRef(clock.start), what=what, rule=rule_id
    )
    return found.filter(~Exists(marks))


def mark_of(incident: Incident, clock: Clock, what: str, now: datetime, rule_id: int | None = None) -> SlaMark:
    return SlaMark(
        incident_id=incident.pk,
        timer=clock.timer,
        started_at=clock.started_at(incident),
        what=what,
        rule_id=rule_id,
        at=now,
    )
