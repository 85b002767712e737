"""Reading incidents, always within the asker's rights. No writes, no network."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Count, F, Max, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from knowledge.models import Version
from prsystem.accounts.models import User
from prsystem.accounts.selectors import in_areas
from prsystem.core.errors import Missing
from prsystem.core.models import Job
from prsystem.core.rights import Rights

from .models import (
    OPEN_STATES,
    Citation,
    Incident,
    MaintenanceWindow,
    Priority,
    StormReference,
    Suggestion,
)
from .numbers import incident_id_from
from .sla import risk
from .textsearch import words_query


def incidents_visible_to(rights: Rights) -> QuerySet[Incident]:
    """Those of the areas one supports, audits or runs, and one's own reports."""
    condition = in_areas(rights.reads_incidents) if rights.reads_incidents else Q(pk__in=[])
    if rights.user_id is not None and not rights.reads_incidents.everywhere:
        condition |= Q(reporter_id=rights.user_id)
    return Incident.objects.filter(condition)


def incident_get(rights: Rights, reference: str) -> Incident:
    """One visible incident by number or id; Missing otherwise."""
    incident_id = incident_id_from(str(reference))
    found = incident_id and (
        incidents_visible_to(rights).select_related("area", "reporter", "assignee").filter(pk=incident_id).first()
    )
    if not found:
        raise Missing()
    return found


def incidents_of_areas(rights: Rights) -> QuerySet[Incident]:
    """Those of the areas that a key belongs to, newest first."""
    return Incident.objects.filter(in_areas(rights.belongs)).select_related("area")


def incident_of_areas(rights: Rights, reference: str) -> Incident:
    """One incident of the areas that a key belongs to, by number or id; Missing otherwise."""
    incident_id = incident_id_from(str(reference))
    found = incidents_of_areas(rights).filter(pk=incident_id).first() if incident_id else None
    if found is None:
        raise Missing()
    return found


def incident_referred(source: str, reference: str) -> Incident | None:
    """The incident that another system knows by this reference: reported with it, or counted into."""
    by_reference = Q(source=source, external_reference=reference)
    counted = StormReference.objects.filter(source=source, reference=reference).values("incident")
    return Incident.objects.select_related("area").filter(by_reference | Q(pk__in=counted)).first()


def maintenance_end(area_id: int, source: str) -> datetime | None:
    """The end of the maintenance window that is on for what this system reports in this area; None without one."""
    concerned = Q(area=None) | Q(area=area_id)
    windows = MaintenanceWindow.objects.filter(concerned, Q(source="") | Q(source__iexact=source))
    now = timezone.now()
    return windows.filter(starts_at__lte=now, ends_at__gt=now).aggregate(end=Max("ends_at"))["end"]


def survivor_of(incident: Incident) -> Incident:
    """The incident that a merged one leads to, itself otherwise. A survivor is open when merged into: no cycles."""
    while incident.merged_into is not None:
        incident = incident.merged_into
    return incident


def incidents_filtered(queryset: QuerySet[Incident], values: dict[str, str]) -> QuerySet[Incident]:
    """Apply the contract's filters `estado, nivel, prioridad, area, asignado_a, q`; each may be a comma-separated list.

    `estado=abierto` stands for every open state, `asignado_a=nadie` for the unassigned.
    """
    for name, field in (("nivel", "level"), ("prioridad", "priority"), ("area", "area__code")):
        if values.get(name):
            queryset = queryset.filter(**{f"{field}__in": values[name].upper().split(",")})
    if states := values.get("estado", ""):
        wanted = [s for state in states.split(",") for s in (OPEN_STATES if state == "abierto" else (state,))]
        queryset = queryset.filter(state__in=wanted)
    if assignee := values.get("asignado_a", ""):
        queryset = queryset.filter(Q(assignee=None) if assignee == "nadie" else Q(assignee__username=assignee.lower()))
    if words := values.get("q", "").strip():
        queryset = incidents_matching(queryset, words)
    return queryset


_RARE = 1000


def incidents_matching(queryset: QuerySet[Incident], words: str) -> QuerySet[Incident]:
    """Those that hold all the words, or the one with this number.

    Rare words: all hits are fetched by the text index and sorted. Common words: the order is walked and the text
    checked. A planner that walks the key backwards for a rare code takes a second per million rows, hence the probe.
    """
    if (incident_id := incident_id_from(words)) is not None and words.strip().upper().startswith("INC"):
        return queryset.filter(pk=incident_id)
    query = words_query(words)
    ids = list(Incident.objects.filter(search=query).order_by().values_list("pk", flat=True)[: _RARE + 1])
    return queryset.filter(pk__in=ids) if len(ids) <= _RARE else queryset.filter(search=query)


ORDERS = {
    "reciente": ("-id",),
    "antigua": ("id",),
    "prioridad": ("priority", "id"),
    "vence": ("resolution_due_at", "id"),
}


def incidents_assigned_to(user: User) -> QuerySet[Incident]:
    return Incident.objects.filter(assignee=user, state__in=OPEN_STATES).order_by("priority", "id")


def latest_suggestion(incident: Incident) -> Suggestion | None:
    """The newest one that was made by the reporter's rights."""
    cited = Prefetch("citations", Citation.objects.select_related("version", "article"))
    return incident.suggestions.filter(for_support=False).prefetch_related(cited).first()


def latest_suggestions(incident: Incident) -> list[Suggestion]:
    """The newest one and, before it, that for support which was made beside it, if there is one."""
    cited = Prefetch("citations", Citation.objects.select_related("version", "article"))
    newest = list(incident.suggestions.prefetch_related(cited)[:2])
    return newest if newest and newest[0].for_support else newest[:1]


def incident_risk(incident: Incident, now: datetime) -> str:
    """The worse of the two targets: `ok`, `en_riesgo` or `vencido`; a finished incident is `ok` or `vencido`."""
    if not incident.is_open:
        end = incident.resolved_at or incident.closed_at or now
        return "vencido" if incident.resolution_due_at and end > incident.resolution_due_at else "ok"
    moment = incident.waiting_since or now
    states = [risk(moment, incident.resolution_warn_at, incident.resolution_due_at)]
    if incident.responded_at is None:
        states.append(risk(moment, incident.response_warn_at, incident.response_due_at))
    return max(states, key=["ok", "en_riesgo", "vencido"].index)


def target_state(now: datetime | None = None) -> Case:
    """`incident_risk` of open incidents as an expression; the clock of those that wait stands still."""
    at = Coalesce(F("waiting_since"), now or Now())
    no_answer = Q(responded_at=None)
    breached = Q(resolution_due_at__lte=at) | no_answer & Q(response_due_at__lte=at)
    warned = Q(resolution_warn_at__lte=at) | no_answer & Q(response_warn_at__lte=at)
    return Case(
        When(breached, then=Value("vencido")),
        When(warned, then=Value("en_riesgo")),
        default=Value("ok"),
        output_field=CharField(),
    )


def incidents_reported_by(user: User) -> QuerySet[Incident]:
    """Open reports of a person, newest first."""
    return Incident.objects.filter(reporter=user, state__in=OPEN_STATES).order_by("-id")


def incidents_unassigned_in(rights: Rights, levels: list[str]) -> QuerySet[Incident]:
    """Open incidents of these levels that nobody has, where the asker may work, most pressing first."""
    return Incident.objects.filter(
        in_areas(rights.works_incidents), level__in=levels, state__in=OPEN_STATES, assignee=None
    ).order_by("priority", "id")


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
