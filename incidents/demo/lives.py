"""The life of one incident after its report: turns at the levels, pauses, resolution, closing. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from incidents.case.priorities import priority_from

from .moments import between, minutes_after, response_delay, work_time
from .people import support_of
from .phrases import ESCALATION_REASONS, RELAPSE_REASONS, WAIT_REASONS
from .plan import IncidentPlan, Relapse, Turn, Wait

LEVELS = ("L1", "L2", "L3")
RELAPSE_ONE_IN = 17
LAST_MOMENT = timedelta(minutes=4)


@dataclass(frozen=True)
class Scaled:
    """Squeezes the time after `start` so that `end` is not later than `limit`; order is kept."""

    start: datetime
    end: datetime
    limit: datetime

    def __call__(self, moment: datetime) -> datetime:
        if self.end <= self.limit:
            return moment
        share = (moment - self.start) / (self.end - self.start)
        return (self.start + (self.limit - self.start) * share).replace(microsecond=0)


def priority_of(incident: IncidentPlan) -> str:
    return priority_from(incident.impact, incident.urgency)


def live_finished(random: Random, incident: IncidentPlan, level: str, now: datetime) -> None:
    """Taken, perhaps escalated and paused, resolved before `now`; closed when there was time for it."""
    turns = _turns(random, incident, level)
    taken_at = turns[-1].taken_at or incident.created_at
    resolved_at = taken_at + work_time(random, priority_of(incident))
    waits = _pause(random, incident, taken_at, resolved_at)
    if waits and waits[0].until:
        resolved_at += waits[0].until - waits[0].since
    scaled = Scaled(incident.created_at, resolved_at, now - LAST_MOMENT)
    incident.turns = tuple(_squeezed(turn, scaled) for turn in turns)
    incident.waits = tuple(replace(w, since=scaled(w.since), until=w.until and scaled(w.until)) for w in waits)
    incident.resolved_at, incident.state = scaled(resolved_at), "resuelto"
    _close(random, incident, now)


def relapse_of(incident: IncidentPlan) -> Relapse | None:
    """A few were thought to be solved half-way. By key and not by chance, so that the rest of the plan stays."""
    if incident.key % RELAPSE_ONE_IN or incident.waits or not (incident.taken_at and incident.resolved_at):
        return None
    step = (incident.resolved_at - incident.taken_at) / 4
    reason = RELAPSE_REASONS[incident.key // RELAPSE_ONE_IN % len(RELAPSE_REASONS)]
    moments = [(incident.taken_at + step * share).replace(microsecond=0) for share in (2, 3)]
    return Relapse(reason, *moments)


def live_open(random: Random, incident: IncidentPlan, level: str, state: str, now: datetime) -> None:
    """Still in a queue, in work or waiting at `now`."""
    turns = _turns(random, incident, level)
    last = turns[-1]
    scaled = Scaled(incident.created_at, last.taken_at or now, now - (now - incident.created_at) / 3)
    incident.turns = tuple(_squeezed(turn, scaled) for turn in turns)
    incident.state = state
    if state == "nuevo":
        incident.turns = (*incident.turns[:-1], Turn(last.level, None, None))
    if state == "en_espera":
        reason = random.choice(WAIT_REASONS[incident.area])
        incident.waits = (Wait(reason, between(random, incident.taken_at or incident.created_at, now), None),)


def _turns(random: Random, incident: IncidentPlan, level: str) -> list[Turn]:
    """From L1 up to `level`; each level's engineer takes it and, below `level`, passes it on."""
    turns: list[Turn] = []
    moment, priority = incident.created_at, priority_of(incident)
    for name in LEVELS[: LEVELS.index(level) + 1]:
        taken_at = moment + response_delay(random, priority)
        person = random.choice(support_of(name, incident.area))
        if name == level:
            turns.append(Turn(name, person, taken_at))
            break
        moment = minutes_after(random, taken_at, 4, 25 if priority == "P1" else 150)
        turns.append(Turn(name, person, taken_at, moment, random.choice(ESCALATION_REASONS[incident.area])))
    return turns


def _pause(random: Random, incident: IncidentPlan, taken_at: datetime, resolved_at: datetime) -> tuple[Wait, ...]:
    """One in four waits for somebody else; a P1 rarely."""
    urgent = priority_of(incident) == "P1"
    if random.random() > (0.08 if urgent else 0.25):
        return ()
    since = between(random, taken_at, taken_at + (resolved_at - taken_at) / 2)
    until = minutes_after(random, since, 20, 60 if urgent else 60 * 50)
    return (Wait(random.choice(WAIT_REASONS[incident.area]), since, until),)


def _squeezed(turn: Turn, scaled: Scaled) -> Turn:
    return replace(
        turn, taken_at=turn.taken_at and scaled(turn.taken_at), left_at=turn.left_at and scaled(turn.left_at)
    )


def _close(random: Random, incident: IncidentPlan, now: datetime) -> None:
    """Closed within hours by most reporters, after a week by the rest."""
    resolved_at = incident.resolved_at or now
    hours = random.uniform(1, 40) if random.random() < 0.8 else random.uniform(120, 240)
    closed_at = resolved_at + timedelta(seconds=int(hours * 3600))
    if closed_at < now - timedelta(minutes=1):
        incident.closed_at, incident.state = closed_at, "cerrado"
