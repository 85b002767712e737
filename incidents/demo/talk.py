"""Comments of an incident: what engineers and reporters say along its life. Pure."""

from datetime import datetime, timedelta
from random import Random

from . import phrases
from .lives import priority_of
from .moments import between, minutes_after
from .plan import CommentPlan, IncidentPlan


def talk(random: Random, incident: IncidentPlan, now: datetime) -> None:
    """Fill in `comments`, in order of time and never later than `now`; nobody speaks before it is taken."""
    if incident.merged_into is not None or incident.taken_at is None:
        return
    end = incident.resolved_at or now
    said = [*_greeting(random, incident), *_notes(random, incident, end), *_pauses(random, incident)]
    if priority_of(incident) == "P1":
        said += _crisis(random, incident, end)
    if incident.resolved_at:
        said += _thanks(random, incident, incident.closed_at or now)
    incident.comments = sorted((c for c in said if c.at <= now), key=lambda comment: comment.at)


def _greeting(random: Random, incident: IncidentPlan) -> list[CommentPlan]:
    if random.random() > 0.55 or incident.assignee is None or incident.taken_at is None:
        return []
    lines = phrases.ON_THE_WAY_EN if incident.lang == "en" else phrases.ON_THE_WAY
    first = CommentPlan(incident.assignee, random.choice(lines), minutes_after(random, incident.taken_at, 0.1, 3))
    if incident.reporter is None or incident.lang == "en" or random.random() > 0.5:
        return [first]
    answer = random.choice(phrases.REPORTER_ANSWERS)
    return [first, CommentPlan(incident.reporter, answer, minutes_after(random, first.at, 1, 8))]


def _notes(random: Random, incident: IncidentPlan, end: datetime) -> list[CommentPlan]:
    if random.random() > 0.4 or incident.assignee is None or incident.taken_at is None:
        return []
    at = between(random, incident.taken_at, end)
    return [CommentPlan(incident.assignee, random.choice(phrases.INTERNAL_NOTES), at, is_internal=True)]


def _pauses(random: Random, incident: IncidentPlan) -> list[CommentPlan]:
    return [
        CommentPlan(incident.assignee, _pause_text(random, wait.reason), wait.since + timedelta(seconds=30))
        for wait in incident.waits
        if incident.assignee and random.random() < 0.7
    ]


def _pause_text(random: Random, reason: str) -> str:
    form = random.choice(phrases.WAIT_COMMENTS)
    return form.format(reason=reason if form.startswith("{") else reason[0].lower() + reason[1:])


def _crisis(random: Random, incident: IncidentPlan, end: datetime) -> list[CommentPlan]:
    """A line for every stretch of a critical case; the last one only when it was solved."""
    if incident.assignee is None or incident.taken_at is None:
        return []
    lines = phrases.CRISIS if incident.resolved_at else phrases.CRISIS[:2]
    stretch = (end - incident.taken_at) / (len(lines) + 1)
    said = [
        CommentPlan(incident.assignee, line, (incident.taken_at + stretch * n).replace(microsecond=0))
        for n, line in enumerate(lines, 1)
    ]
    if incident.area in ("PROD", "MANT", "LOG"):
        note = random.choice(phrases.SAFETY_NOTES)
        said.append(CommentPlan(incident.assignee, note, said[0].at + timedelta(seconds=20), is_internal=True))
    return said


def _thanks(random: Random, incident: IncidentPlan, end: datetime) -> list[CommentPlan]:
    if incident.reporter is None or incident.resolved_at is None or random.random() > 0.35:
        return []
    lines = phrases.THANKS_EN if incident.lang == "en" else phrases.THANKS
    return [CommentPlan(incident.reporter, random.choice(lines), between(random, incident.resolved_at, end))]
