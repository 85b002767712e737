"""Knowledge gaps as people see them: those of the areas in which they publish, as long as no article fills them."""

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from incidents.case.models import Incident
from incidents.case.selectors import incidents_visible_to
from knowledge.selectors import articles_visible_to
from prsystem.accounts.selectors import in_areas
from prsystem.core.errors import Missing
from prsystem.core.rights import Rights

from .models import GapCase, KnowledgeGap

State = KnowledgeGap.State
PUBLISHED = Q(incident__learned_version__article__current__isnull=False) & Q(
    incident__learned_version__article__is_archived=False
)


def gaps_unfilled() -> QuerySet[KnowledgeGap]:
    """Those without a published article: neither of their draft nor of what was learned from one of their cases."""
    answered = GapCase.objects.filter(PUBLISHED, gap=OuterRef("pk"))
    return KnowledgeGap.objects.filter(~Exists(answered)).exclude(draft__article__current__isnull=False)


def gaps_visible_to(rights: Rights, *, dismissed: bool = False) -> QuerySet[KnowledgeGap]:
    """The most costly first; the dismissed ones only when they are asked for."""
    if not rights.publishes:
        return KnowledgeGap.objects.none()
    found = _shown_to(rights, gaps_unfilled().filter(in_areas(rights.publishes)))
    found = found.filter(state=State.DISMISSED) if dismissed else found.exclude(state=State.DISMISSED)
    return found.order_by("-cases", "-reopenings", F("hours").desc(), "-id")


def _shown_to(rights: Rights, gaps: QuerySet[KnowledgeGap]) -> QuerySet[KnowledgeGap]:
    """With what is told of them; the nearest article only as long as the asker may read it."""
    nearest = Prefetch("nearest", articles_visible_to(rights))
    return gaps.select_related("area", "draft__article").prefetch_related(nearest)


def gap_get(rights: Rights, gap_id: int) -> KnowledgeGap:
    """One of the areas in which the asker publishes, also a dismissed one; Missing otherwise."""
    found = _shown_to(rights, KnowledgeGap.objects.filter(pk=gap_id)).first()
    if found is None or found.area_id not in rights.publishes:
        raise Missing()
    return found


def gap_cases(rights: Rights, gap_ids: list[int]) -> dict[int, list[Incident]]:
    """The cases of gaps that the asker may see, newest first."""
    rows = incidents_visible_to(rights).filter(gap_case__gap__in=gap_ids).order_by("-id")
    found: dict[int, list[Incident]] = {}
    for incident in rows.annotate(of_gap=F("gap_case__gap_id")):
        found.setdefault(incident.of_gap, []).append(incident)
    return found
