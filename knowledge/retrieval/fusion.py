"""Joins a lexical and a dense ranking of articles. Pure.

Within the query's language the two scores are mixed, which beats rank fusion there. Full text can't judge an article in
another language, so such an article keeps its dense score in place of the lexical one, unless shared codes say more.
Where a second embedder has judged the candidates, too, the two parts of meaning are mixed. Measured in
`docs/recuperacion.md`.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, TypeVar

DENSE_WEIGHT = 0.8
SECOND_WEIGHT = 0.35  # of the second embedder's part of meaning
# Cosines are stretched over at least this range below the best: otherwise, the fewer candidates come back, the more
# small differences among them would weigh against words.
COSINE_RANGE = 0.4

Key = TypeVar("Key")
Why = Literal["lexical", "dense", "both"]


@dataclass(frozen=True)
class LexicalHit:
    """An article and its BM25 score."""

    id: int
    score: float
    lang: str


@dataclass(frozen=True)
class DenseHit:
    """An article and the cosine of its nearest passage."""

    id: int
    cosine: float
    lang: str


@dataclass(frozen=True)
class RankedHit:
    """`score` orders the hits of one query, from 0 to 1, and says nothing about how good they are: `cosine` does.

    `cosine` is None where the dense search didn't return the article.
    """

    id: int
    score: float
    cosine: float | None
    why: Why


def best_per_article(hits: Iterable[DenseHit]) -> list[DenseHit]:
    """One hit per id, that of its best passage, best first."""
    best: dict[int, DenseHit] = {}
    for hit in hits:
        if hit.id not in best or hit.cosine > best[hit.id].cosine:
            best[hit.id] = hit
    return sorted(best.values(), key=lambda hit: (-hit.cosine, hit.id))


def fuse(
    lexical: Sequence[LexicalHit],
    dense: Sequence[DenseHit],
    *,
    query_lang: str,
    second: Mapping[int, float] = MappingProxyType({}),
    dense_weight: float = DENSE_WEIGHT,
) -> list[RankedHit]:
    """Every article of either ranking, best first. Each id may occur once in each. `second`: cosines of the same
    articles by another embedder.

    With one ranking empty, as when the index is down, the other decides alone. `query_lang` "" (unknown) treats every
    article as written in the query's language.
    """
    words = _lexical_parts(lexical)
    meaning = _mixed(_dense_parts(dense), second)
    cosines = {hit.id: hit.cosine for hit in dense}
    foreign = {hit.id for ranking in (lexical, dense) for hit in ranking if query_lang and hit.lang != query_lang}
    weight = dense_weight if words and meaning else float(bool(meaning))
    hits = []
    for article in words.keys() | meaning.keys():
        near, said = meaning.get(article, 0.0), words.get(article, 0.0)
        said = max(said, near) if article in foreign else said
        score = weight * near + (1 - weight) * said
        hits.append(RankedHit(article, score, cosines.get(article), _why(article in words, article in meaning)))
    return sorted(hits, key=order_of)


def with_first(ranked: Sequence[RankedHit], first: Set[int]) -> list[RankedHit]:
    """The ranking with the hits of `first`, which hold the very name that was asked for, before all others."""
    moved = [replace(hit, score=1.0 + hit.score) if hit.id in first else hit for hit in ranked]
    return sorted(moved, key=order_of)


def one_per_place(ranked: Iterable[Key], place: Callable[[Key], Hashable | None]) -> list[Key]:
    """Of those that stand in one place, as parts of one page, the best alone; `place` None stands by itself."""
    seen: set[Hashable] = set()
    kept = []
    for one in ranked:
        where = place(one)
        if where is None or where not in seen:
            kept.append(one)
            seen.add(where)
    return kept


def order_of(hit: RankedHit) -> tuple[float, float, int]:
    """The key that sorts hits best first."""
    return (-hit.score, -(hit.cosine or 0.0), hit.id)


def _lexical_parts(hits: Sequence[LexicalHit]) -> dict[int, float]:
    """Scores as parts of the best one."""
    top = max((hit.score for hit in hits), default=0.0)
    return {hit.id: hit.score / top for hit in hits} if top > 0 else {}


def _dense_parts(hits: Sequence[DenseHit]) -> dict[int, float]:
    """1 for the best cosine, 0 for the worst returned or for COSINE_RANGE below the best, whichever is lower."""
    if not hits:
        return {}
    high = max(hit.cosine for hit in hits)
    spread = max(COSINE_RANGE, high - min(hit.cosine for hit in hits))
    return {hit.id: 1 - (high - hit.cosine) / spread for hit in hits}


def _mixed(first: dict[int, float], second: Mapping[int, float]) -> dict[int, float]:
    """An article that one of the two doesn't know counts by the other alone."""
    parts = _dense_parts([DenseHit(article, cosine, "") for article, cosine in second.items()])
    if not first or not parts:
        return first or parts
    both = {key: (1 - SECOND_WEIGHT) * first[key] + SECOND_WEIGHT * parts[key] for key in first.keys() & parts.keys()}
    return first | both


def _why(in_lexical: bool, in_dense: bool) -> Why:
    if in_lexical and in_dense:
        return "both"
    return "lexical" if in_lexical else "dense"
