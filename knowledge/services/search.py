"""Search of knowledge within the asker's rights."""

from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse

from prsystem.core.rights import Rights
from prsystem.core.text import shorten

from ..models import Passage
from ..selectors import articles_visible_to


@dataclass(frozen=True)
class Hit:
    """The best passage of one article. `score` ranks from 0 to 1, `cosine` is None without the dense index."""

    slug: str
    article_id: int
    version_id: int
    version: str
    title: str
    area: str
    kind: str
    fragment: str
    score: float
    cosine: float | None

    @property
    def url(self) -> str:
        return reverse("article_detail", args=[self.slug])


@dataclass(frozen=True)
class SearchResult:
    """`mode` is `hibrido` or `texto`; `confidence` (0 to 1) is how likely the best hit answers."""

    hits: list[Hit]
    mode: str
    confidence: float


def knowledge_search(*, rights: Rights, text: str, limit: int = 10) -> SearchResult:
    """The best articles for a text."""
    passages = (
        Passage.objects.filter(article__in=articles_visible_to(rights), version=F("article__current"))
        .extra(
            select={"rank": "ts_rank_cd(prs_search_vector('', text), prs_search_any(%s))"},
            select_params=[text[:400]],
            where=["prs_search_vector('', text) @@ prs_search_any(%s)"],
            params=[text[:400]],
        )
        .select_related("version", "article__area")
    )
    best: dict[int, Passage] = {}
    for passage in sorted(passages, key=lambda p: -p.rank):
        best.setdefault(passage.article_id, passage)
    hits = [_hit(passage) for passage in list(best.values())[:limit]]
    return SearchResult(hits, "texto", hits[0].score if hits else 0.0)


def _hit(passage: Passage) -> Hit:
    article = passage.article
    return Hit(
        slug=article.slug,
        article_id=article.pk,
        version_id=passage.version_id,
        version=passage.version.number,
        title=passage.version.title,
        area=article.area.code,
        kind=passage.kind,
        fragment=shorten(passage.text, 400),
        score=min(1.0, float(passage.rank)),
        cosine=None,
    )
