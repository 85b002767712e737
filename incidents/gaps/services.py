"""Knowledge gaps: found by a nightly job among a bounded number of cases, drafted or dismissed by editors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from audit.services import record
from incidents.case.models import Incident
from incidents.relations.models import Link
from incidents.similar.cases import SOLVED
from knowledge.services.search import knowledge_search
from knowledge.services.twins import CERTAIN
from prsystem.accounts.models import Area
from prsystem.core.context import Actor
from prsystem.core.errors import IllegalMove, Missing, NotAllowed
from prsystem.core.jobs import queue
from prsystem.core.rights import Rights, Role
from prsystem.core.text.fields import checked_line

from .models import GapCase, KnowledgeGap
from .selectors import PUBLISHED

State = KnowledgeGap.State
WINDOW = timedelta(days=180)
MAX_CASES = 2000  # of an area, the newest: the work grows with their square
SMALLEST = 3
MAX_GAPS = 100
REASON_LENGTH = 300
TITLE_LENGTH = 200


@dataclass(frozen=True)
class _Group:
    """Cases alike, the most typical first, and the article that comes nearest."""

    cases: list[Incident]
    words: str
    nearest_id: int | None
    confidence: float


def gaps_find_request() -> None:
    """Nightly, by the clock."""
    queue.enqueue("gaps.find", payload={}, queue="bulk", dedup_key="gaps.find")


def gaps_find() -> int:
    """Job: group the newest solved cases of each area that no article answers; how many groups there are.

    A group that shares half of a known gap's cases is that gap. Safe to run twice.
    """
    return sum(_found_in(area) for area in Area.objects.order_by("pk"))


def _found_in(area: Area) -> int:
    from .clusters import clusters  # scikit-learn is imported only where it is used

    cases = _open_questions(area)
    texts = [f"{c.title}\n{c.title}\n{c.description}\n{c.cause}\n{c.solution}" for c in cases]
    found = [
        ([cases[n] for n in group.members], group.words) for group in clusters(texts, smallest=SMALLEST)[:MAX_GAPS]
    ]
    groups = [_weighed(area, members, words) for members, words in found]
    _kept(area, [group for group in groups if group.confidence < CERTAIN])
    return len(groups)


def _open_questions(area: Area) -> list[Incident]:
    """Solved cases that taught no published article and aren't part of a gap that was filled. What happened once counts
    once, however many reported it."""
    since = timezone.now() - WINDOW
    rows = Incident.objects.filter(area=area, state__in=SOLVED, merged_into=None, resolved_at__gte=since)
    taught = rows.filter(learned_version__article__current__isnull=False, learned_version__article__is_archived=False)
    filled = GapCase.objects.filter(gap__area=area, gap__draft__article__current__isnull=False).values("incident_id")
    rows = rows.exclude(pk__in=taught.values("pk")).exclude(pk__in=filled).exclude(pk__in=_counted_with_another())
    return list(rows.defer("search").order_by("-id")[:MAX_CASES])


def _counted_with_another() -> QuerySet[Link, int | None]:
    """Children that were resolved together with their parent, and those marked as duplicates of one that is over."""
    together = Q(kind=Link.Kind.PARENT, target__resolved_at=F("source__resolved_at"))
    again = Q(kind=Link.Kind.DUPLICATE, target__state__in=SOLVED)
    one = Case(When(kind=Link.Kind.PARENT, then=F("target_id")), default=F("source_id"))
    return Link.objects.filter(together | again).order_by().values_list(one, flat=True)


def _weighed(area: Area, cases: list[Incident], words: Sequence[str]) -> _Group:
    rights = Rights.from_grants(None, [(Role.REPORTER, area.pk)])
    text = f"{cases[0].title}\n{cases[0].description}"
    found = knowledge_search(rights=rights, text=text, limit=1, area=area.code)
    nearest = found.hits[0].article_id if found.hits else None
    return _Group(cases, ", ".join(words)[:TITLE_LENGTH], nearest, round(found.confidence, 4))


@transaction.atomic
def _kept(area: Area, groups: list[_Group]) -> None:
    """What was found replaces what was known; what people decided stays with it."""
    rows = KnowledgeGap.objects.select_for_update().prefetch_related("draft__article").filter(area=area)
    gaps = {gap.pk: gap for gap in rows.order_by("pk")}
    members = GapCase.objects.filter(gap__area=area)
    known = dict(members.values_list("incident_id", "gap_id"))
    filled = set(members.filter(PUBLISHED).values_list("gap_id", flat=True))
    filled |= {gap.pk for gap in gaps.values() if gap.draft and gap.draft.article.current_id}
    used: set[int] = set()
    placed: list[tuple[KnowledgeGap, _Group]] = []
    for group in groups:
        gap = _same(group, gaps, known, used | filled) or KnowledgeGap(area=area)
        _described(gap, group)
        gap.save()
        used.add(gap.pk)
        placed.append((gap, group))
    regrouped = [case.pk for group in groups for case in group.cases]
    moved = Q(gap__state=State.OPEN) | Q(gap__in=used) | Q(incident__in=regrouped)
    members.filter(moved).exclude(gap__in=filled).delete()
    GapCase.objects.bulk_create(GapCase(gap=gap, incident=case) for gap, group in placed for case in group.cases)
    KnowledgeGap.objects.filter(area=area, state=State.OPEN).exclude(pk__in=used | filled).delete()


def _same(group: _Group, gaps: dict[int, KnowledgeGap], known: dict[int, int], taken: set[int]) -> KnowledgeGap | None:
    counts: dict[int, int] = {}
    for case in group.cases:
        if (gap_id := known.get(case.pk)) and gap_id not in taken:
            counts[gap_id] = counts.get(gap_id, 0) + 1
    best = max(counts, key=lambda gap_id: (counts[gap_id], -gap_id), default=None)
    return gaps[best] if best is not None and counts[best] * 2 >= sum(g == best for g in known.values()) else None


def _described(gap: KnowledgeGap, group: _Group) -> None:
    gap.title, gap.words = group.cases[0].title[:TITLE_LENGTH], group.words
    gap.cases, gap.reopenings = len(group.cases), sum(case.reopened_count for case in group.cases)
    gap.hours = round(sum(_hours(case) for case in group.cases), 1)
    gap.nearest_id, gap.confidence = group.nearest_id, group.confidence


def _hours(case: Incident) -> float:
    """From the report to the solution, without the pauses."""
    if case.resolved_at is None:
        return 0.0
    return max(0.0, (case.resolved_at - case.created_at).total_seconds() - case.paused_seconds) / 3600


def gap_dismiss(*, actor: Actor, gap_id: int, reason: str) -> KnowledgeGap:
    """Not worth an article; it doesn't come back by itself."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with transaction.atomic():
        gap = _locked(actor, gap_id)
        if gap.state not in (State.OPEN, State.DRAFTED):
            raise IllegalMove()
        gap.state, gap.reason, gap.dismissed_by_id = State.DISMISSED, reason, actor.user_id
        gap.save()
        record(actor, "gap.dismissed", gap.resource, {"titulo": gap.title, "motivo": reason})
    return gap


def gap_reopen(*, actor: Actor, gap_id: int) -> KnowledgeGap:
    """It is worth one after all."""
    with transaction.atomic():
        gap = _locked(actor, gap_id)
        if gap.state != State.DISMISSED:
            raise IllegalMove()
        gap.state = State.DRAFTED if gap.draft_id else State.OPEN
        gap.reason, gap.dismissed_by = "", None
        gap.save()
        record(actor, "gap.reopened", gap.resource, {"titulo": gap.title})
    return gap


def gap_draft_request(*, actor: Actor, gap_id: int) -> KnowledgeGap:
    """Ask for a draft; a job writes it in the name of who asks. While one is being written, that one is the answer."""
    if actor.user_id is None:
        raise NotAllowed()
    with transaction.atomic():
        gap = _locked(actor, gap_id)
        if gap.state == State.DRAFTING:
            return gap
        if gap.state != State.OPEN:
            raise IllegalMove()
        gap.state = State.DRAFTING
        gap.save()
        record(actor, "gap.draft_requested", gap.resource, {"titulo": gap.title})
        queue.enqueue("gap.draft", payload={"gap_id": gap.pk, "user_id": actor.user_id})
    return gap


def _locked(actor: Actor, gap_id: int) -> KnowledgeGap:
    gap = KnowledgeGap.objects.select_for_update().filter(pk=gap_id).first()
    if gap is None or gap.area_id not in actor.rights.publishes:
        raise Missing()
    return gap
