"""What search ranks: the passages near in meaning, and the articles that share words, names or codes with a text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import structlog
from django.db import connection
from django.db.models import F

from integrations.chroma import ChromaError, Collection, CollectionMissing, collection_open
from prsystem.core.rights import Rights

from ..models import IndexGeneration, Passage, PassageVector
from ..retrieval.fusion import LexicalHit
from ..retrieval.lexical import hits_of, named_statement, search_statement
from ..retrieval.text import identifiers_in, stands_in
from ..selectors import articles_visible_to
from .embedding import EmbeddingUnavailable, embedder_of, space_of, vectors_of
from .second_vectors import second_cosines, second_query_vector

log = structlog.get_logger(__name__)
CANDIDATES = 100
WIDE = 1000
BY_WORDS = 20  # hits of words alone whose nearness in meaning is looked up, too
FEW = 3  # a name that more articles hold tells little
NAMED_LOOKED_AT = 30
QUERY_SECONDS = 0.8
_PASSAGE_ID = re.compile(r"[0-9]{1,18}")
_COLUMNS = ("pk", "article_id", "lang", "kind", "text", "second_vector")


class _IndexIncomplete(Exception):
    """The index is being filled: what it holds by now would stand in the way of what it doesn't hold yet."""


@dataclass(frozen=True)
class Near:
    """A passage and how near it is in meaning."""

    cosine: float
    passage_id: int
    article_id: int
    lang: str
    kind: str
    text: str
    second_vector: bytes | None


@dataclass(frozen=True)
class Candidates:
    """What was found of the articles that the asker may read: `near` is None while there is no whole index of meaning,
    `second` has cosines by article of the second embedder, `named` the few articles that hold a name of the text."""

    near: list[Near] | None
    lexical: list[LexicalHit]
    second: dict[int, float]
    named: frozenset[int]


@dataclass(frozen=True)
class _Found:
    """`is_cut` when there may be more."""

    near: list[Near] | None
    vector: Sequence[float]
    lexical: list[LexicalHit]
    visible: set[int]
    is_cut: bool


def candidates_found(
    text: str, wide: str, lang: str, generation: IndexGeneration | None, rights: Rights, limit: int
) -> Candidates:
    """`wide`: the text with the terms of the glossary that it means."""
    found = _found(wide, lang, generation, rights)
    if len(found.visible) < limit and found.is_cut:
        # The asker may read little of what was found: look again, among the readable only.
        found = _found(wide, lang, generation, rights, width=WIDE, readable=_readable_ids(rights))
    lexical = [hit for hit in found.lexical if hit.id in found.visible]
    named = _named(text, rights)
    if found.near is None or generation is None:
        return Candidates(None, lexical, {}, named)
    near = [n for n in found.near if n.article_id in found.visible]
    near += _by_words(near, [*named, *(hit.id for hit in lexical[:BY_WORDS])], generation, found.vector)
    query = second_query_vector(wide, generation, QUERY_SECONDS)
    second = second_cosines(query, ((n.article_id, n.second_vector) for n in near))
    return Candidates(near, lexical, second, named)


def _found(
    text: str,
    lang: str,
    generation: IndexGeneration | None,
    rights: Rights,
    *,
    width: int = CANDIDATES,
    readable: list[int] | None = None,
) -> _Found:
    near, vector = _near(text, lang, generation, width) if generation else (None, ())
    lexical = _lexical(text, lang, width, readable)
    ids = {hit.id for hit in lexical} | {n.article_id for n in near or []}
    is_cut = len(lexical) >= width or len(near or []) >= width
    return _Found(near, vector, lexical, _visible(rights, ids), is_cut)


def _near(text: str, lang: str, generation: IndexGeneration, width: int) -> tuple[list[Near] | None, Sequence[float]]:
    """Passages near in meaning, nearest first, and the vector of the text; None when there are no vectors now."""
    try:
        embedder = embedder_of(generation)
        if space_of(embedder).fingerprint != generation.fingerprint:
            return None, ()  # the embedder is another one now; its generation isn't complete yet
        vector = vectors_of([text], languages=[lang], role="query", seconds=QUERY_SECONDS, embedder=embedder)[0]
        found = _nearest(generation, vector, width)
    except (EmbeddingUnavailable, ChromaError, _IndexIncomplete) as error:
        collection_of.cache_clear()
        log.warning("search.text_only", reason=str(error))
        return None, ()
    cosines = {passage_id: 1.0 - distance for passage_id, distance in found}
    rows = Passage.objects.filter(pk__in=cosines).values_list(*_COLUMNS)
    near = [Near(cosines[row[0]], *row) for row in rows]
    return sorted(near, key=lambda n: (-n.cosine, n.passage_id)), vector


def _nearest(generation: IndexGeneration, vector: Sequence[float], width: int) -> list[tuple[int, float]]:
    """Asked a second time where the collection has another id by now: it was made anew, and may be whole again."""
    try:
        found = collection_of(generation).query(vector, width, deadline_seconds=QUERY_SECONDS)
    except CollectionMissing:
        collection_of.cache_clear()
        found = collection_of(generation).query(vector, width, deadline_seconds=QUERY_SECONDS)
    if not all(_PASSAGE_ID.fullmatch(name) for name, _distance in found):
        raise ChromaError("Chroma holds records that are no passages")
    return [(int(name), distance) for name, distance in found]


@lru_cache(maxsize=4)
def collection_of(generation: IndexGeneration) -> Collection:
    """The collection, if it is whole. One that lacks vectors, as after a loss of Chroma's data, is looked at again each
    time: what is raised isn't cached. In one that was whole, a new article is found by its words until it is there.
    While the generation has no vector yet, every passage lacks one."""
    collection = collection_open(generation.collection)
    held, wanted = collection.count(), generation.vectors.count() or Passage.objects.count()
    if held < wanted:
        raise _IndexIncomplete(f"{held} of {wanted} vectors")
    return collection


def _by_words(
    near: Sequence[Near], article_ids: Sequence[int], generation: IndexGeneration, query: Sequence[float]
) -> list[Near]:
    """The passages of articles that words alone found, with their cosines from the database: what they mean counts for
    them as for the others."""
    missing = set(article_ids) - {n.article_id for n in near}
    rows = PassageVector.objects.filter(generation=generation, passage__article_id__in=missing).annotate(
        **{name: F(f"passage__{name}") for name in _COLUMNS[1:]}
    )
    vector = np.asarray(query, dtype=np.float32)
    found = rows.values_list("vector", "passage_id", *_COLUMNS[1:]) if missing else []
    return [Near(float(np.frombuffer(stored, dtype="<f4") @ vector), *row) for stored, *row in found]


def _lexical(text: str, lang: str, width: int, readable: list[int] | None) -> list[LexicalHit]:
    sql, params = search_statement(text, lang=lang, limit=width, readable=readable)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return hits_of(cursor.fetchall())


def _named(text: str, rights: Rights) -> frozenset[int]:
    """Readable articles in which a code, option, path or file name of the text stands, where there are FEW of them."""
    names = identifiers_in(text)
    if not names:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(*named_statement(names, limit=NAMED_LOOKED_AT * len(names)))
        ids = {article_id for _name, article_id in cursor.fetchall()}
    texts = {
        article.pk: "\n".join((v.title, v.problem, v.cause, v.solution))
        for article in articles_visible_to(rights).filter(pk__in=list(ids)[: NAMED_LOOKED_AT * len(names)])
        if (v := article.published)
    }
    return few_holders(names, texts)


def few_holders(names: Sequence[str], texts: Mapping[int, str]) -> frozenset[int]:
    """Keys of the texts in which one of the names stands, where there are FEW of them."""
    holders = ({key for key, said in texts.items() if stands_in(name, said)} for name in names)
    return frozenset(key for found in holders if len(found) <= FEW for key in found)


def _visible(rights: Rights, ids: set[int]) -> set[int]:
    """The gate: what isn't published, or not for the asker, goes before anything is ranked or counted."""
    return set(_readable_ids(rights, pk__in=ids))


def _readable_ids(rights: Rights, **among: set[int]) -> list[int]:
    return list(articles_visible_to(rights).filter(**among).order_by().values_list("pk", flat=True))
