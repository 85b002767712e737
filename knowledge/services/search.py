"""Search of knowledge: words and meaning joined, and every hit checked in the database by the asker's rights.

Without embedder or index the search goes on by text alone and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from django.urls import reverse

from prsystem.core.rights import Rights
from prsystem.core.text.cleaning import shorten

from ..assistant.words import content_stems, figures
from ..models import Article, IndexGeneration, Passage
from ..objecting import objections_told
from ..retrieval.abstain import (
    FIRST_MODEL,
    NEIGHBOURS,
    SECOND_MODEL,
    Asked,
    Candidate,
    is_near_abroad,
    probabilities,
)
from ..retrieval.fusion import DenseHit, RankedHit, Why, best_per_article, fuse, one_per_place, with_first
from ..retrieval.glossary import expansion_of
from ..retrieval.language import detect_language
from ..retrieval.usefulness import Votes, below_rivals, reordered
from ..selectors import articles_visible_to
from ..selectors_feedback import votes_of
from ..selectors_glossary import glossary_entries
from ..selectors_manuals import places_of_parts
from .candidates import Candidates, Near, candidates_found

REACH = 20  # so many places below the last that is shown, votes are looked at: they move only neighbours
TELLING_WORDS = 4  # fewer don't tell a language: «molde» alone looks English
QUERY_LENGTH = 2000
FRAGMENT_LENGTH = 320
# For people who look through hits and judge by themselves: far below what an answer needs. Something is always the
# nearest; below LEAST_BEST nothing was found, and beside a better one a hit must reach LEAST_HIT. A hit that holds more
# than LEAST_WORDS of the words asked for is one for that alone.
LEAST_BEST, LEAST_HIT, LEAST_WORDS = 0.05, 0.02, 0.5
# One word in common makes a question of two or three look answered («receta de tortilla»): meaning has to agree.
LEAST_COSINE = 0.36


@dataclass(frozen=True)
class Hit:
    """One article, by its best passage. `score` (0 to 1) orders, and `votes` have moved it; `cosine` is None where
    meaning didn't find it. `probability` (0 to 1) is how likely this very article answers the text,
    and `before_votes` how likely it was before people rejected it."""

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
    probability: float = 0.0
    words: float = 0.0  # the share of the text's words of meaning that the article holds; 1 with a name of the text
    votes: Votes | None = None
    meaning: Literal["", "near", "far"] = ""  # where it decides: near though in another language, or far
    before_votes: float = 0.0

    @property
    def holds_words(self) -> bool:
        """Whether it holds what was asked for, or most of it."""
        return self.words > LEAST_WORDS

    @property
    def stands_alone(self) -> bool:
        """Whether it is one to look at, however low its probability."""
        return self.holds_words or self.meaning == "near"

    @property
    def is_rejected(self) -> bool:
        """Whether people found it useless at cases of this kind."""
        return self.votes is not None and self.votes.is_rejected

    @property
    def told_against(self) -> str:
        """Why it stands where it stands, in words; empty unless it is rejected."""
        return objections_told(self.votes.against) if self.votes and self.is_rejected else ""

    @property
    def url(self) -> str:
        return reverse("article_detail", args=[self.slug])


@dataclass(frozen=True)
class SearchResult:
    """`mode` is `hibrido`, or `texto` while there is no whole index of meaning; `confidence` (0 to 1) is how likely the
    likeliest of the hits answers the text."""

    hits: list[Hit]
    mode: str
    confidence: float
    also: list[str] = field(default_factory=list)  # terms of the glossary that the text was widened by

    @property
    def related(self) -> list[Hit]:
        """The hits that are shown to people who look for something; [] when nothing was found."""
        likely = [hit for hit in self.hits if hit.probability >= LEAST_HIT and hit.meaning != "far"]
        is_found = max((hit.probability for hit in likely), default=0.0) >= LEAST_BEST
        if not is_found and not any(hit.stands_alone for hit in self.hits):
            return []
        return [hit for hit in self.hits if hit.stands_alone or hit in likely]


def knowledge_search(
    *, rights: Rights, text: str, limit: int = 10, area: str = "", generation: IndexGeneration | None = None
) -> SearchResult:
    """The best articles for a text among those that `rights` may read, at most `limit`; by the active generation of
    the index, or by the one given. `area`: the code of the area that the text comes from, where it is known.

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
    found = candidates_found(text, " ".join([*also, text]), lang, generation, rights, limit)
    ranked = _one_per_page(_ranked(found, lang))
    votes = votes_of([r.id for r in ranked[: limit + REACH]], area)
    shown = reordered(ranked, votes)[:limit]
    articles = articles_visible_to(rights).in_bulk([r.id for r in [*shown, *ranked[:NEIGHBOURS]]])
    judged = [r for r in ranked[:NEIGHBOURS] if r.id in articles]
    likely = _probabilities(Asked(text, lang, area), judged, articles, found, generation)
    nearest = {n.article_id: n for n in sorted(found.near or [], key=lambda n: n.cosine)}
    told = [
        _hit(articles[r.id], r, nearest.get(r.id), votes.get(r.id), likely.get(r.id, 0.0))
        for r in shown
        if r.id in articles
    ]
    hits = below_rivals(_with_signs(told, text, articles, found, generation))
    mode = "texto" if found.near is None else "hibrido"
    return SearchResult(hits, mode, max((hit.probability for hit in hits), default=0.0), also)


def _with_signs(
    hits: Sequence[Hit],
    text: str,
    articles: Mapping[int, Article],
    found: Candidates,
    generation: IndexGeneration | None,
) -> list[Hit]:
    """The hits with what decides for people who look for something, beside the probability."""
    hits = _with_words(hits, text, articles, found.named)
    if generation and generation.model == FIRST_MODEL:  # the floors are of its cosines
        hits = _with_meaning(hits, text, articles, found.second)
    return list(hits)


def _with_words(hits: Sequence[Hit], text: str, articles: Mapping[int, Article], named: frozenset[int]) -> list[Hit]:
    asked = content_stems(text) | figures(text)
    shares = []
    for hit in hits:
        version = articles[hit.article_id].published
        said = "\n".join((version.title, version.problem, version.cause, version.solution))
        share = len(asked & (content_stems(said) | figures(said))) / max(1, len(asked))
        shares.append(1.0 if hit.article_id in named else share)
    return [replace(hit, words=share) for hit, share in zip(hits, shares, strict=True)]


def _with_meaning(
    hits: Sequence[Hit], text: str, articles: Mapping[int, Article], second: Mapping[int, float]
) -> list[Hit]:
    spoken = detect_language(text)
    found: list[Hit] = []
    for hit in hits:
        is_foreign = spoken not in ("", articles[hit.article_id].published.lang)
        if is_foreign and is_near_abroad(hit.cosine, second.get(hit.article_id)):
            found.append(replace(hit, meaning="near"))
        else:
            is_far = hit.cosine is not None and hit.cosine < LEAST_COSINE
            found.append(replace(hit, meaning="far" if is_far else ""))
    return found


def _ranked(found: Candidates, lang: str) -> list[RankedHit]:
    """Words and meaning joined; what holds a name of the text comes first, whatever else speaks for it."""
    dense = best_per_article(DenseHit(n.article_id, n.cosine, n.lang) for n in found.near or [])
    ranked = fuse(found.lexical, dense, query_lang=lang, second=found.second)
    unseen = found.named - {hit.id for hit in ranked}
    return with_first([*ranked, *(RankedHit(pk, 0.0, None, "lexical") for pk in unseen)], found.named)


def _one_per_page(ranked: Sequence[RankedHit]) -> list[RankedHit]:
    """Parts of one page, or of what one heading covers, are one place: the best of them stands for it."""
    places = places_of_parts([hit.id for hit in ranked])
    return one_per_place(ranked, lambda hit: places.get(hit.id))


def _probabilities(
    asked: Asked,
    judged: Sequence[RankedHit],
    articles: Mapping[int, Article],
    found: Candidates,
    generation: IndexGeneration | None,
) -> dict[int, float]:
    """By article how likely it answers, for those that are judged at all."""
    words = {hit.id: hit.score for hit in found.lexical}
    model = generation.model if generation else ""
    candidates = []
    for hit in judged:
        version = articles[hit.id].published
        candidates.append(
            Candidate(
                title=version.title,
                said=f"{version.problem}\n{version.cause}\n{version.solution}",
                lang=version.lang,
                area=articles[hit.id].area.code,
                words=words.get(hit.id, 0.0),
                first=hit.cosine if model == FIRST_MODEL else None,
                second=hit.cosine if model == SECOND_MODEL else found.second.get(hit.id),
            )
        )
    return dict(zip((hit.id for hit in judged), probabilities(asked, candidates), strict=False))


def _hit(article: Article, ranked: RankedHit, near: Near | None, votes: Votes | None, probability: float) -> Hit:
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
        probability=round(votes.likely(probability) if votes else probability, 4),
        before_votes=round(probability, 4),
        votes=votes,
    )
