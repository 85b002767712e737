"""Past cases like this one, by what their reports tell: their meaning and their rare words."""

from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from django.db.models import F, FloatField, Func, QuerySet

from incidents.case.choices import State
from incidents.case.models import Incident
from incidents.case.selectors import incidents_visible_to
from incidents.case.textsearch import ANY_WORD, words_query
from knowledge.services.twins import Twin, twins_of
from prsystem.accounts.selectors import in_areas
from prsystem.core.rights import Rights

from .meaning import alike

SOLVED = (State.RESOLVED, State.CLOSED)
RECENT_MATCHES = 400
AT_ONCE_MS = 300


@dataclass(frozen=True)
class SimilarIncident:
    """`reason` is `texto`: told by its own words and meaning. (`conocimiento`, the same article, was of earlier
    releases.)"""

    incident: Incident
    reason: str


def incidents_similar(*, rights: Rights, text: str, exclude_id: int = 0, limit: int = 5) -> list[SimilarIncident]:
    """Solved incidents that the asker may see, best first; none is better than a likeness that means nothing."""
    solved = incidents_visible_to(rights).filter(state__in=SOLVED, merged_into=None).exclude(pk=exclude_id)
    title, _line, description = text.partition("\n")
    told = [pk for pk, _score in alike(title, description, solved, limit)]
    rows = solved.select_related("area").in_bulk(told)
    return [SimilarIncident(rows[pk], "texto") for pk in told if pk in rows]


def incidents_similar_at_once(*, rights: Rights, text: str, limit: int = 5) -> list[Incident]:
    """Solved incidents of the areas one belongs to that share words; none when that takes more than AT_ONCE_MS.

    Asks the database alone: intake never waits for a model or an index.
    """
    solved = Incident.objects.filter(in_areas(rights.belongs), state__in=SOLVED, merged_into=None)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {AT_ONCE_MS:d}")
            found = incidents_by_words(solved, text, limit)
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError:  # cancelled
        return []
    return found


def incidents_by_words(visible: QuerySet[Incident], text: str, limit: int) -> list[Incident]:
    """Ranked among the newest RECENT_MATCHES that share at least one of the words."""
    query = words_query(text[:400], ANY_WORD)
    recent = visible.filter(search=query).order_by("-id").values("pk")[:RECENT_MATCHES]
    ranked = visible.filter(pk__in=recent).annotate(
        rank=Func(F("search"), query, function="ts_rank_cd", output_field=FloatField())
    )
    return list(ranked.order_by("-rank", "-id")[:limit])


def twins_of_incident(rights: Rights, incident: Incident) -> list[Twin]:
    """Articles whose next version the solution of an incident may be, best first."""
    return twins_of(rights=rights, text=f"{incident.title}\n{incident.description}")
