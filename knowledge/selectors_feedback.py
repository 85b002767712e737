"""What counts of people's feedback when search orders articles."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from .models import Article, ArticleFeedback, FailedUse, Version
from .objecting import objections_told
from .retrieval.usefulness import ONE_PERSON, Objections, Reopening, Votes, objections_of

Said = ArticleFeedback.Said
WEIGHTS = {Said.SOURCE.value: 1.0, Said.SOLE.value: 1.0}
HALF = 0.5  # of what was said of a whole answer, or came of a case; and for each newer version that was published since


@dataclass
class _Said:
    """What was said of one article: for the shift all of it, for the verdict the newest version's alone."""

    given: list[tuple[bool, float]] = field(default_factory=list)
    refused: dict[int, float] = field(default_factory=dict)
    pleased: float = 0.0
    reopenings: list[Reopening] = field(default_factory=list)
    reopened_by: dict[int | None, float] = field(default_factory=lambda: defaultdict(float))

    @property
    def votes(self) -> Votes:
        reopened = HALF * sum(min(ONE_PERSON, weight) for weight in self.reopened_by.values())
        return Votes(
            helped=sum(weight for was_helpful, weight in self.given if was_helpful),
            failed=sum(weight for was_helpful, weight in self.given if not was_helpful) + reopened,
            people=len(self.given),
            pleased=sum(was_helpful for was_helpful, _weight in self.given),
            against=objections_of(self.refused, self.reopenings, self.pleased),
        )


def votes_of(article_ids: Iterable[int], area: str = "") -> dict[int, Votes]:
    """The votes of those articles that have any: one for each person, on the newest version that she judged.

    Authors and owners don't vote for what is their own; people who left don't vote any more. What counts towards a
    verdict was said of the published version, since an editor last upheld it, and at cases of `area` or of none; all
    areas count where none is named.
    """
    ids = list(article_ids)
    found: dict[int, _Said] = defaultdict(_Said)
    for row in _opinions(ids):
        _opinion_add(found[row["article_id"]], row, area)
    for row in _failures(ids):
        _failure_add(found[row["article_id"]], row, area)
    return {article_id: said.votes for article_id, said in found.items()}


def _steps(outer: str) -> Coalesce:
    """How many versions were published since the one that a row is about."""
    newer = Version.objects.filter(article_id=OuterRef("article_id"), published_at__gt=OuterRef(outer)).order_by()
    count = newer.values("article_id").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


_FIELDS = ("article_id", "user_id", "area__code", "created_at", "article__upheld_at", "newer")


def _opinions(ids: list[int]) -> Iterable[dict[str, Any]]:
    return (
        ArticleFeedback.objects.filter(article_id__in=ids, user__is_active=True)
        .exclude(Q(user_id=F("version__author_id")) | Q(user_id=F("article__owner_id")))
        .annotate(newer=_steps("version__published_at"))
        .order_by("article_id", "user_id", F("version_id").desc(nulls_last=True))
        .distinct("article_id", "user_id")
        .values(*_FIELDS, "was_helpful", "said_of")
    )


def _failures(ids: list[int]) -> Iterable[dict[str, Any]]:
    """Somebody whose account is closed, or who owns the article, doesn't count here either."""
    return (
        FailedUse.objects.filter(Q(user=None) | Q(user__is_active=True), article_id__in=ids)
        .exclude(Q(user_id__isnull=False) & (Q(user_id=F("version__author_id")) | Q(user_id=F("article__owner_id"))))
        .annotate(newer=_steps("version__published_at"))
        .order_by("pk")
        .values(*_FIELDS, "is_confirmed")
    )


def _opinion_add(said: _Said, row: dict[str, Any], area: str) -> None:
    weight = WEIGHTS.get(row["said_of"], HALF)
    said.given.append((row["was_helpful"], weight * HALF ** row["newer"]))
    if not _counts_towards_verdict(row, area):
        return
    if row["was_helpful"]:
        said.pleased += weight
    else:
        said.refused[row["user_id"]] = weight


def _failure_add(said: _Said, row: dict[str, Any], area: str) -> None:
    said.reopened_by[row["user_id"]] += HALF ** row["newer"]
    if _counts_towards_verdict(row, area):
        said.reopenings.append(Reopening(row["user_id"], row["is_confirmed"]))


def _counts_towards_verdict(row: dict[str, Any], area: str) -> bool:
    said_at: datetime = row["created_at"]
    is_settled = row["article__upheld_at"] is not None and said_at <= row["article__upheld_at"]
    is_other = bool(area and row["area__code"] and row["area__code"] != area)
    return row["newer"] == 0 and not is_settled and not is_other


def vote_of(user_id: int, article: Article) -> bool | None:
    """What a person said of the published version itself, or None."""
    mine = ArticleFeedback.objects.filter(
        article=article, version=article.current_id, user_id=user_id, said_of=ArticleFeedback.Said.SOURCE
    )
    return mine.values_list("was_helpful", flat=True).first()


def rejections_of(article_ids: Iterable[int]) -> dict[int, Objections]:
    """What is said against those articles whose published version isn't proposed any more, in the area where most
    is: search judges by the objections of one area and of none, so what five areas say once each rejects nothing."""
    ids = list(article_ids)
    said = [ArticleFeedback.objects.filter(article_id__in=ids), FailedUse.objects.filter(article_id__in=ids)]
    areas = {code or "" for rows in said for code in rows.values_list("area__code", flat=True)}
    found: dict[int, Objections] = {}
    for area in sorted(areas - {""}) or [""]:
        for article_id, votes in votes_of(ids, area).items():
            known = found.get(article_id)
            if votes.is_rejected and (known is None or votes.against.weight > known.weight):
                found[article_id] = votes.against
    return found


def told_against(article: Article) -> str:
    """Why its published version isn't proposed any more, in words; empty while it is."""
    against = rejections_of([article.pk]).get(article.pk)
    return objections_told(against) if against else ""
