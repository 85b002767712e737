"""Possible duplicates: open incidents that tell the same. They are offered; a person merges or links."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from incidents.case.choices import OPEN_STATES
from incidents.case.events import record_change
from incidents.case.models import Incident
from incidents.case.selectors import incidents_visible_to
from incidents.case.writing import incident_locked, incident_save
from incidents.relations.models import Link
from prsystem.core.context import SYSTEM
from prsystem.core.rights import Rights

from .cases import incidents_by_words
from .meaning import alike
from .words import likeness

LEAST = 0.5
RECENT = timedelta(days=30)
CANDIDATES = 20
KEY = "duplicada"


@dataclass(frozen=True)
class Likely:
    """An open incident that may be the same problem. `score` is the share of common words; below LEAST it was told by
    its meaning (`how`: `palabras` or `significado`)."""

    incident: Incident
    score: float
    how: str = "palabras"


def duplicates_of(rights: Rights, incident: Incident, limit: int = 3) -> list[Likely]:
    """Open incidents of the same area that the asker may see and that aren't linked with it yet, most alike first."""
    ties = Link.objects.filter(Q(source=incident) | Q(target=incident)).values_list("source_id", "target_id")
    known = {pk for pair in ties for pk in pair} | {incident.pk}
    pool = _open(rights).filter(area=incident.area_id).exclude(pk__in=known)
    return _likely(pool, incident.title, incident.description, limit)


def duplicates_of_text(rights: Rights, title: str, description: str, limit: int = 3) -> list[Likely]:
    """The same for what is being typed, among what the asker may see."""
    return _likely(_open(rights), title, description, limit)


def _open(rights: Rights) -> QuerySet[Incident]:
    since = timezone.now() - RECENT
    found = incidents_visible_to(rights).filter(state__in=OPEN_STATES, created_at__gt=since)
    return found.select_related("area").defer("search", "solution", "cause")


def _likely(pool: QuerySet[Incident], title: str, description: str, limit: int) -> list[Likely]:
    best = [row for row in _by_words(pool, title, description) if row.score >= LEAST][:limit]
    known = {row.incident.pk for row in best}
    told = [pk for pk, _score in alike(title, description, pool, limit) if pk not in known][: limit - len(best)]
    rows = pool.in_bulk(told)
    return best + [
        Likely(rows[pk], _likeness(rows[pk], title, description), "significado") for pk in told if pk in rows
    ]


def _by_words(pool: QuerySet[Incident], title: str, description: str) -> list[Likely]:
    """Most alike first, word by word: what a machine proposes by itself has to be sure."""
    candidates = incidents_by_words(pool, f"{title}\n{description}", CANDIDATES)
    rows = [Likely(row, _likeness(row, title, description)) for row in candidates]
    return sorted(rows, key=lambda row: (-row.score, row.incident.pk))


def _likeness(incident: Incident, title: str, description: str) -> float:
    return likeness(title, description, incident.title, incident.description)


def duplicate_propose(incident_id: int) -> None:
    """Part of the job for a new report: name the most alike earlier incident, for the queue. Safe to run twice."""
    incident = Incident.objects.select_related("area").get(pk=incident_id)
    found = [
        row for row in duplicates_of(SYSTEM.rights, incident) if row.incident.pk < incident_id and row.score >= LEAST
    ]
    if not found or KEY in incident.automatic:
        return
    likely = found[0]
    with incident_locked(incident_id) as incident:
        if not incident.is_open or KEY in incident.automatic:
            return
        value = {"valor": likely.incident.number, "confianza": round(likely.score, 3), "metodo": "parecido"}
        incident.automatic = {**incident.automatic, KEY: value}
        incident_save(incident)
        details = {"automatico": {KEY: value}, "version": incident.version}
        record_change(SYSTEM, incident, "incident.triaged", details)
