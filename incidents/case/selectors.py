"""Reading incidents, always within the asker's rights. No writes, no network."""

from django.db.models import Q, QuerySet

from prsystem.accounts.models import User
from prsystem.accounts.selectors import in_areas
from prsystem.core.errors import Missing
from prsystem.core.rights import Rights

from .choices import OPEN_STATES
from .models import Incident
from .numbers import incident_id_from
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


def incidents_reported_by(user: User) -> QuerySet[Incident]:
    """Open reports of a person, newest first."""
    return Incident.objects.filter(reporter=user, state__in=OPEN_STATES).order_by("-id")


def incidents_unassigned_in(rights: Rights, levels: list[str]) -> QuerySet[Incident]:
    """Open incidents of these levels that nobody has, where the asker may work, most pressing first."""
    return Incident.objects.filter(
        in_areas(rights.works_incidents), level__in=levels, state__in=OPEN_STATES, assignee=None
    ).order_by("priority", "id")
