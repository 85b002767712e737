"""Past cases like this one: those that taught the articles which answer it, then those that share its words."""

from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from django.db.models import F, FloatField, Func, QuerySet

from knowledge.assistant.ladder import Thresholds
from knowledge.assistant.words import content_stems
from knowledge.services.search import knowledge_search
from knowledge.services.twins import Twin, twins_of
from prsystem.accounts.selectors import in_areas
from prsystem.core.rights import Rights

from ..models import Incident, State
from ..selectors import incidents_visible_to
from ..textsearch import ANY_WORD, words_query

SOLVED = (State.RESOLVED, State.CLOSED)
RECENT_MATCHES = 400
AT_ONCE_MS = 300
LEAST_SHARED = 0.5  # of the words of the shorter of two reports, so many in both


@dataclass(frozen=True)
class SimilarIncident:
    """`reason` is `conocimiento` (same article) or `texto` (same words)."""

    incident: Incident
    reason: str


def incidents_similar(*, rights: Rights, text: str, exclude_id: int = 0, limit: int = 5) -> list[SimilarIncident]:
    """Solved incidents that the asker may see, best first."""
    solved = incidents_visible_to(rights).filter(state__in=SOLVED, merged_into=None)
    visible = solved.exclude(pk=exclude_id).select_related("area")
    found = _by_article(visible, rights, text, limit)
    known = {similar.incident.pk for similar in found}
    by_words = incidents_by_words(visible, text, limit)
    rest = [incident for incident in by_words if incident.pk not in known and _shares_words(incident, text)]
    return (found + [SimilarIncident(incident, "texto") for incident in rest])[:limit]


def _shares_words(incident: Incident, text: str) -> bool:
    """Some case always shares a word or two: none is better than noise."""
    asked, said = content_stems(text), content_stems(f"{incident.title}\n{incident.description}")
    return len(asked & said) >= LEAST_SHARED * max(1, min(len(asked), len(said)))


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


def _by_article(visible: QuerySet[Incident], rights: Rights, text: str, limit: int) -> list[SimilarIncident]:
    hits = knowledge_search(rights=rights, text=text, limit=limit).hits
    slugs = [hit.slug for hit in hits if hit.probability >= Thresholds().similar]
    rows = visible.filter(learned_version__article__slug__in=slugs).select_related("learned_version__article")
    newest = sorted(rows.order_by("-id")[: limit * 4], key=lambda i: slugs.index(_slug_of(i)))
    return [SimilarIncident(incident, "conocimiento") for incident in newest[:limit]]


def _slug_of(incident: Incident) -> str:
    return incident.learned_version.article.slug if incident.learned_version else ""


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
