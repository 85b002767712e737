"""Reading proposals: the newest of a case, their ratings, their place in the line."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from incidents.case.choices import Priority
from incidents.case.models import Incident
from incidents.case.selectors import incidents_visible_to
from knowledge.models import Version
from prsystem.core.errors import Missing
from prsystem.core.models import Job
from prsystem.core.rights import Rights

from .models import Citation, Suggestion


def latest_suggestion(incident: Incident) -> Suggestion | None:
    """The newest one that was made by the reporter's rights."""
    cited = Prefetch("citations", Citation.objects.select_related("version", "article"))
    return incident.suggestions.filter(for_support=False).prefetch_related(cited).first()


def latest_suggestions(incident: Incident) -> list[Suggestion]:
    """The newest one and, before it, that for support which was made beside it, if there is one."""
    cited = Prefetch("citations", Citation.objects.select_related("version", "article"))
    newest = list(incident.suggestions.prefetch_related(cited)[:2])
    return newest if newest and newest[0].for_support else newest[:1]


def suggestion_get(incident: Incident, suggestion_id: int) -> Suggestion:
    """A suggestion of this incident; Missing otherwise."""
    found = incident.suggestions.filter(pk=suggestion_id).first()
    if found is None:
        raise Missing()
    return found


def ratings_by(user_id: int, suggestion: Suggestion) -> dict[int | None, bool]:
    """What a person said of a suggestion: citation id (None for the whole) -> whether it helped."""
    return dict(suggestion.ratings.filter(user_id=user_id).values_list("citation_id", "was_helpful"))


def incidents_answered_by(version: Version) -> QuerySet[Incident]:
    """Incidents of everybody whose proposal cites the version, newest first; narrow it before it is shown."""
    answered = Suggestion.objects.filter(citations__version=version).values("incident_id")
    return Incident.objects.filter(pk__in=answered).order_by("-id")


def incidents_answered_visible_to(rights: Rights, version: Version) -> QuerySet[Incident]:
    """Those of them that the asker may see."""
    answered = Suggestion.objects.filter(citations__version=version).values("incident_id")
    return incidents_visible_to(rights).filter(pk__in=answered).order_by("-id")


@dataclass(frozen=True)
class Line:
    """A place, from 1, among `length` proposals that aren't begun."""

    place: int
    length: int


def suggestion_line(suggestion: Suggestion) -> Line | None:
    """Where it stands among those not begun: critical incidents first, then in the order asked for, then backlog. None
    once it was taken up. Counted in one statement, so that the place is never behind the end of the line."""
    if suggestion.pk is None or suggestion.state != Suggestion.State.PENDING:
        return None
    critical, own = Q(incident__priority=Priority.P1), Q(pk=suggestion.pk)
    counted = Suggestion.objects.filter(state=Suggestion.State.PENDING).aggregate(
        length=Count("pk"),
        ahead=Count("pk", filter=_is_before(suggestion, critical) & ~own),
        is_in=Count("pk", filter=own),
    )
    return Line(counted["ahead"] + 1, counted["length"]) if counted["is_in"] else None


def _is_before(suggestion: Suggestion, critical: Q) -> Q:
    backlog = _suggestions_put_off()
    earlier, new = Q(pk__lt=suggestion.pk), ~Q(pk__in=backlog)
    if suggestion.pk in backlog:
        return new | earlier
    if suggestion.incident.priority == Priority.P1:
        return new & critical & earlier
    return new & (critical | earlier)


def _suggestions_put_off() -> set[int]:
    """Those whose job goes behind people's new work (see `prsystem.core.jobs.claiming`)."""
    jobs = Job.objects.filter(state=Job.State.PENDING, lane__gte=Job.Lane.BACKLOG, kind="suggestion.draft")
    return set(jobs.values_list("payload__suggestion_id", flat=True))
