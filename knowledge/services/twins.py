"""Is it known already? Asked before a new article is written, so that one problem has one article."""

from dataclasses import dataclass

from django.urls import reverse

from prsystem.core.rights import Rights

from ..models import Article
from .search import Hit, knowledge_search

# Measured with e5 on 536 reports in plant Spanish over the demo's articles (`docs/recuperacion.md`): the right article
# was first for 86 %, among three for 94 %. CERTAIN with LEAD chose 17 % beforehand, none of them wrongly, and none of
# the same reports when their article was taken away. LIKELY keeps 95 % of those that were found first.
CERTAIN, LIKELY, LEAD = 0.8, 0.15, 0.1
LIMIT = 3


@dataclass(frozen=True)
class Twin:
    """An article that may be about the same problem; `is_certain` for at most one, the first."""

    slug: str
    version: str
    next_version: str
    title: str
    confidence: float
    is_certain: bool

    @property
    def url(self) -> str:
        return reverse("article_detail", args=[self.slug])


def twins_of(*, rights: Rights, text: str, limit: int = LIMIT) -> list[Twin]:
    """Articles about the text's problem to which `rights` may add a version, best first; [] when none is likely."""
    found = knowledge_search(rights=rights, text=text, limit=limit + 1)
    if found.confidence < LIKELY:
        return []
    own = Article.objects.filter(manual_part=None)  # a manual's part grows by its next edition alone
    articles = own.in_bulk([hit.article_id for hit in found.hits])
    mine = [hit for hit in found.hits if _may_write(rights, articles.get(hit.article_id))]
    sure = bool(mine) and mine[0] is found.hits[0] and found.mode == "hibrido" and _is_certain(mine)
    return [_twin(hit, articles[hit.article_id], is_certain=sure and n == 0) for n, hit in enumerate(mine[:limit])]


def _may_write(rights: Rights, article: Article | None) -> bool:
    return article is not None and article.area_id in rights.writes_drafts


def _is_certain(hits: list[Hit]) -> bool:
    if hits[0].probability < CERTAIN or hits[0].cosine is None:
        return False
    second = max((hit.cosine for hit in hits[1:] if hit.cosine is not None), default=0.0)
    return hits[0].cosine - second >= LEAD


def _twin(hit: Hit, article: Article, *, is_certain: bool) -> Twin:
    major, minor = article.versions.order_by("-major", "-minor").values_list("major", "minor")[0]
    return Twin(hit.slug, hit.version, f"{major}.{minor + 1}", hit.title, hit.probability, is_certain)
