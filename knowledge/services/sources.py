"""What an answer is made from: the passages of a search, or those of an earlier answer in their versions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from prsystem.core.rights import Rights

from ..assistant.records import Passage
from ..models import IndexGeneration, Version
from .search import Hit, SearchResult, knowledge_search

ARTICLES = 4
LOOKED_AT = 8  # hits of which the ARTICLES likeliest are taken: who ranks first isn't always the likeliest


@dataclass(frozen=True)
class Pinned:
    """A passage of an earlier answer: the very version it was, by the number it had."""

    number: int
    version: Version
    kind: str
    score: float


@dataclass(frozen=True)
class Means:
    """What an answer is made with, where it isn't what is in use: `models` asked in turn (none: passages only), the
    prompt, the index, `without` articles that are hidden at the case, or `pinned` passages of a record instead of a
    search, with the `confidence` of then."""

    models: Sequence[str] | None = None
    prompt: str = ""
    generation: IndexGeneration | None = None
    pinned: Sequence[Pinned] | None = None
    mode: str = ""
    confidence: float = 0.0
    without: frozenset[int] = frozenset()


def sources_found(
    report: str, rights: Rights, means: Means, area: str = ""
) -> tuple[SearchResult, list[Passage], dict[int, Version]]:
    """The likeliest articles for a report of `area`, likeliest first; the score of a passage is the probability that
    its article answers."""
    if means.pinned is None:
        found = knowledge_search(rights=rights, text=report, limit=LOOKED_AT, area=area, generation=means.generation)
        found = _left_out(found, means.without)
        return found, *_passages_of(_likeliest(found.hits))
    found = SearchResult([], means.mode, means.confidence)
    passages, origin = [], {}
    for pin in means.pinned:
        version = pin.version
        origin[pin.number] = version
        passages.append(_passage(pin.number, version, version.article.slug, pin.kind, pin.score, None))
    return found, passages, origin


def _left_out(found: SearchResult, article_ids: frozenset[int]) -> SearchResult:
    if not article_ids:
        return found
    hits = [hit for hit in found.hits if hit.article_id not in article_ids]
    return replace(found, hits=hits, confidence=max((hit.probability for hit in hits), default=0.0))


def _likeliest(hits: Sequence[Hit]) -> list[Hit]:
    """What people said of an article moves it among those that are about as likely; how likely it is stays."""
    return sorted(hits, key=lambda hit: -hit.probability - (hit.votes.shift if hit.votes else 0.0))[:ARTICLES]


def _passages_of(hits: Sequence[Hit]) -> tuple[list[Passage], dict[int, Version]]:
    """Cause and solution of the found versions, numbered; and the version behind each number."""
    versions = Version.objects.in_bulk([hit.version_id for hit in hits])
    passages: list[Passage] = []
    origin: dict[int, Version] = {}
    for hit in hits:
        version = versions[hit.version_id]
        for kind in ("solution", "cause"):
            if not getattr(version, kind):
                continue
            number = len(passages) + 1
            origin[number] = version
            passages.append(_passage(number, version, hit.slug, kind, hit.probability, hit.cosine))
    return passages, origin


def _passage(number: int, version: Version, slug: str, kind: str, score: float, cosine: float | None) -> Passage:
    return Passage(
        n=number,
        passage_id=number,
        article_slug=slug,
        article_title=version.title,
        version=version.number,
        kind=kind,
        lang=version.lang,
        text=version.cause if kind == "cause" else version.solution,
        score=score,
        cosine=cosine,
    )


def passages_pinned(kept: Sequence[Sequence[Any]]) -> list[Pinned] | None:
    """The passages of a record, `[number, slug, version, kind, score]` each; None when one isn't there any more."""
    found = {}
    wanted = {slug for _n, slug, _version, _kind, _score in kept}
    for version in Version.objects.filter(article__slug__in=wanted).select_related("article"):
        found[version.article.slug, version.number] = version
    if any((slug, number) not in found for _n, slug, number, _kind, _score in kept):
        return None
    return [Pinned(n, found[slug, number], kind, score) for n, slug, number, kind, score in kept]


def passages_found_now(*, report: str, rights: Rights) -> list[str]:
    """What a search finds now, as `slug version kind`: told beside a replay with the passages of then."""
    found = knowledge_search(rights=rights, text=report, limit=LOOKED_AT)
    passages, _versions = _passages_of(_likeliest(found.hits))
    return [f"{p.article_slug} {p.version} {p.kind}" for p in passages]
