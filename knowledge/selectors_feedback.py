"""What counts of people's feedback when search orders articles."""

from collections.abc import Iterable

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from .models import Article, ArticleFeedback, Version
from .retrieval.usefulness import Votes

WEIGHTS = {ArticleFeedback.Said.SOURCE.value: 1.0}
HALF = 0.5  # of what was said of a whole answer, or came of a case; and for each newer version that was published since


def votes_of(article_ids: Iterable[int]) -> dict[int, Votes]:
    """The votes of those articles that have any: one for each person, on the newest version that she judged.

    Authors and owners don't vote for what is their own; people who left don't vote any more.
    """
    newer = Version.objects.filter(
        article_id=OuterRef("article_id"), published_at__gt=OuterRef("version__published_at")
    ).order_by()
    count = newer.values("article_id").annotate(n=Count("pk")).values("n")
    rows = (
        ArticleFeedback.objects.filter(article_id__in=list(article_ids), user__is_active=True)
        .exclude(Q(user_id=F("version__author_id")) | Q(user_id=F("article__owner_id")))
        .annotate(newer=Coalesce(Subquery(count, output_field=IntegerField()), 0))
        .order_by("article_id", "user_id", F("version_id").desc(nulls_last=True))
        .distinct("article_id", "user_id")
        .values_list("article_id", "was_helpful", "said_of", "newer")
    )
    found: dict[int, list[tuple[bool, float]]] = {}
    for article_id, was_helpful, said_of, steps in rows:
        weight = WEIGHTS.get(said_of, HALF) * HALF**steps
        found.setdefault(article_id, []).append((was_helpful, weight))
    return {article_id: _votes(given) for article_id, given in found.items()}


def _votes(given: list[tuple[bool, float]]) -> Votes:
    return Votes(
        helped=sum(weight for was_helpful, weight in given if was_helpful),
        failed=sum(weight for was_helpful, weight in given if not was_helpful),
        people=len(given),
        pleased=sum(was_helpful for was_helpful, _weight in given),
    )


def vote_of(user_id: int, article: Article) -> bool | None:
    """What a person said of the published version itself, or None."""
    mine = ArticleFeedback.objects.filter(
        article=article, version=article.current_id, user_id=user_id, said_of=ArticleFeedback.Said.SOURCE
    )
    return mine.values_list("was_helpful", flat=True).first()
