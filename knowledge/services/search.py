"""Search of knowledge: words and meaning joined, and every hit checked in the database by the asker's rights.

Without embedder or index the search goes on by text alone and says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import structlog
from django.db import connection
from django.urls import reverse

from integrations.chroma import ChromaError, Collection, CollectionMissing, collection_open
from prsystem.core.rights import Rights
from prsystem.core.text import shorten

from ..assistant.words import content_stems
from ..models import Article, IndexGeneration, Passage
from ..retrieval.abstain import confidence_of, shares_code
from ..retrieval.fusion import DenseHit, LexicalHit, RankedHit, Why, best_per_article, fuse
from ..retrieval.glossary import expansion_of
from ..retrieval.language import detect_language
from ..retrieval.lexical import hits_of, search_statement
from ..retrieval.usefulness import Votes, reordered
from ..selectors import articles_visible_to
from ..selectors_feedback import votes_of
from ..selectors_glossary import glossary_entries
from .embedding import EmbeddingUnavailable, embedder_of, space_of, vectors_of

log = structlog.get_logger(__name__)
CANDIDATES = 100
WIDE = 1000
REACH = 20  # so many places below the last that is shown, votes are looked at: they move only neighbours
QUERY_SECONDS = 0.8
TELLING_WORDS = 4  # fewer don't tell a language: «molde» alone looks English
QUERY_LENGTH = 2000
FRAGMENT_LENGTH = 320
_PASSAGE_ID = re.compile(r"[0-9]{1,18}")


class _IndexIncomplete(Exception):
    """The index is being filled: what it holds by now would stand in the way of what it doesn't hold yet."""


@dataclass(frozen=True)
class Hit:
    """One article, by its best passage. `score` (0 to 1) orders, and `votes` have moved it by their shift; `cosine` is
    None where meaning didn't find it."""

    slug: str
    article_id: int
    version_id: int
    version: str
    title: str
    area: str
    safety_notice: str
    kind: str
    fragment: str
    score: float
    cosine: float | None
    why: Why
    votes: Votes | None = None

    @property
    def url(self) -> str:
        return reverse("article_detail", args=[self.slug])


@dataclass(frozen=True)
class SearchResult:
    """`mode` is `hibrido`, or `texto` while there is no whole index of meaning; `confidence` (0 to 1) is how likely the
    hits answer the text."""

    hits: list[Hit]
    mode: str
    confidence: float
    also: list[str] = field(default_factory=list)  # terms of the glossary that the text was widened by


@dataclass(frozen=True)
class _Near:
    """A passage that is near in meaning."""

    passage_id: int
    article_id: int
    lang: str
    kind: str
    text: str
    cosine: float


@dataclass(frozen=True)
class _Candidates:
    """What was found, and which of its articles the asker may read; `is_cut` when there may be more."""

    near: list[_Near] | None
    lexical: list[LexicalHit]
    visible: set[int]
    is_cut: bool


def knowledge_search(
    *, rights: Rights, text: str, limit: int = 10, generation: IndexGeneration | None = None
) -> SearchResult:
    """The best articles for a text among those that `rights` may read, at most `limit`; by the active generation of
    the index, or by the one given.

    Never raises for a missing embedder or index.
    """
    text = text[:QUERY_LENGTH].strip()
    if not text:
        return SearchResult([], "texto", 0.0)
    also = expansion_of(text, glossary_entries(rights))
    if not (also or any(char.isalnum() for char in text)):  # «?!»: something is near to what means nothing, too
        return SearchResult([], "hibrido", 0.0)
    lang = detect_language(text) if len(text.split()) >= TELLING_WORDS else ""
    generation = generation or IndexGeneration.objects.filter(is_active=True).first()
    wide = " ".join([*also, text])
    found = _candidates(wide, lang, generation, rights)
    if len(found.visible) < limit and found.is_cut:
        # The asker may read little of what was found: look again, among the readable only.
        found = _candidates(wide, lang, generation, rights, width=WIDE, readable=_readable_ids(rights))
    near, visible = found.near or [], found.visible
    dense = best_per_article(DenseHit(n.article_id, n.cosine, n.lang) for n in near if n.article_id in visible)
    ranked = fuse([hit for hit in found.lexical if hit.id in visible], dense, query_lang=lang)
    nearest = {n.article_id: n for n in reversed(near)}
    votes = votes_of([r.id for r in ranked[: limit + REACH]])
    shown = reordered(ranked, votes)[:limit]
    articles = articles_visible_to(rights).in_bulk([r.id for r in [*shown, *ranked[:1]]])
    hits = [_hit(articles[r.id], r, nearest.get(r.id), votes.get(r.id)) for r in shown if r.id in articles]
    mode = "texto" if found.near is None else "hibrido"
    return SearchResult(hits, mode, _confidence(text, ranked, articles, generation), also)


def _candidates(
    text: str,
    lang: str,
    generation: IndexGeneration | None,
    rights: Rights,
    *,
    width: int = CANDIDATES,
    readable: list[int] | None = None,
) -> _Candidates:
    near = _near(text, lang, generation, width) if generation else None
    lexical = _lexical(text, lang, width, readable)
    ids = {hit.id for hit in lexical} | {n.article_id for n in near or []}
    is_cut = len(lexical) >= width or len(near or []) >= width
    return _Candidates(near, lexical, _visible(rights, ids), is_cut)


def _near(text: str, lang: str, generation: IndexGeneration, width: int) -> list[_Near] | None:
    """Passages near in meaning, nearest first; None when there are no vectors now."""
    try:
        embedder = embedder_of(generation)
        if space_of(embedder).fingerprint != generation.fingerprint:
            return None  # the embedder is another one now; its generation isn't complete yet
        vector = vectors_of([text], languages=[lang], role="query", seconds=QUERY_SECONDS, embedder=embedder)[0]
        found = _nearest(generation, vector, width)
    except (EmbeddingUnavailable, ChromaError, _IndexIncomplete) as error:
        _collection.cache_clear()
        log.warning("search.text_only", reason=str(error))
        return None
    cosines = {passage_id: 1.0 - distance for passage_id, distance in found}
    rows = Passage.objects.filter(pk__in=cosines).values_list("pk", "article_id", "lang", "kind", "text")
    return sorted((_Near(*row, cosines[row[0]]) for row in rows), key=lambda n: (-n.cosine, n.passage_id))


def _nearest(generation: IndexGeneration, vector: Sequence[float], width: int) -> list[tuple[int, float]]:
    """Asked a second time where the collection has another id by now: it was made anew, and may be whole again."""
    try:
        found = _collection(generation).query(vector, width, deadline_seconds=QUERY_SECONDS)
    except CollectionMissing:
        _collection.cache_clear()
        found = _collection(generation).query(vector, width, deadline_seconds=QUERY_SECONDS)
    if not all(_PASSAGE_ID.fullmatch(name) for name, _distance in found):
        raise ChromaError("Chroma holds records that are no passages")
    return [(int(name), distance) for name, distance in found]


@lru_cache(maxsize=4)
def _collection(generation: IndexGeneration) -> Collection:
    """The collection, if it is whole. One that lacks vectors, as after a loss of Chroma's data, is looked at again each
    time: what is raised isn't cached. In one that was whole, a new article is found by its words until it is there.
    While the generation has no vector yet, every passage lacks one."""
    collection = collection_open(generation.collection)
    held, wanted = collection.count(), generation.vectors.count() or Passage.objects.count()
    if held < wanted:
        raise _IndexIncomplete(f"{held} of {wanted} vectors")
    return collection


def _lexical(text: str, lang: str, width: int, readable: list[int] | None) -> list[LexicalHit]:
    sql, params = search_statement(text, lang=lang, limit=width, readable=readable)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return hits_of(cursor.fetchall())


def _visible(rights: Rights, ids: set[int]) -> set[int]:
    """The gate: what isn't published, or not for the asker, goes before anything is ranked or counted."""
    return set(_readable_ids(rights, pk__in=ids))


def _readable_ids(rights: Rights, **among: set[int]) -> list[int]:
    return list(articles_visible_to(rights).filter(**among).order_by().values_list("pk", flat=True))


def _hit(article: Article, ranked: RankedHit, near: _Near | None, votes: Votes | None) -> Hit:
    version = article.published
    text = near.text if near else f"{version.problem}\n{version.solution}"
    return Hit(
        slug=article.slug,
        article_id=article.pk,
        version_id=version.pk,
        version=version.number,
        title=version.title,
        area=article.area.code,
        safety_notice=article.area.safety_notice,
        kind=near.kind if near else Passage.Kind.WHOLE,
        fragment=shorten(text.removeprefix(f"{version.title}\n").strip(), FRAGMENT_LENGTH),
        score=round(min(1.0, max(0.0, ranked.score)), 4),
        cosine=ranked.cosine,
        why=ranked.why,
        votes=votes,
    )


def _confidence(
    text: str, ranked: Sequence[RankedHit], articles: dict[int, Article], generation: IndexGeneration | None
) -> float:
    if not ranked or ranked[0].id not in articles:
        return 0.0
    best = articles[ranked[0].id].published
    said = f"{best.title}\n{best.problem}\n{best.cause}\n{best.solution}"
    asked = content_stems(text)
    return confidence_of(
        max((hit.cosine for hit in ranked if hit.cosine is not None), default=None),
        len(asked & content_stems(said)) / max(1, len(asked)),
        model=generation.model if generation else "",
        has_shared_code=shares_code(text, said),
    )
