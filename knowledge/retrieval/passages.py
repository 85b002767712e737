"""Cuts an article's version into the passages that are embedded. Pure.

A short article is one passage. A longer one has also a view of its problem and one of its solution, since a report
resembles the problem alone more than the whole. Only what passes the embedder's reach of about 350 words is cut, at
paragraphs, with the title repeated.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["whole", "problem", "solution"]

MAX_WORDS = 350
VIEWS_ABOVE_WORDS = 60
VIEW_WORDS = 8
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)])\s)")


@dataclass(frozen=True)
class ArticleText:
    """The words of one version."""

    title: str
    problem: str = ""
    cause: str = ""
    solution: str = ""


@dataclass(frozen=True)
class PassageText:
    """`ordinal` counts the passages of a version from 0."""

    kind: Kind
    ordinal: int
    text: str


def passages_of(article: ArticleText) -> list[PassageText]:
    """Views of the article, each in pieces of at most MAX_WORDS words beside the title."""
    pieces = [(kind, piece) for kind, body in _views(article) for piece in _pieces(body)]
    title = article.title.strip()
    return [PassageText(kind, ordinal, f"{title}\n{piece}".strip()) for ordinal, (kind, piece) in enumerate(pieces)]


def _views(article: ArticleText) -> Iterator[tuple[Kind, str]]:
    whole = _joined(article.problem, article.cause, article.solution)
    yield "whole", whole
    if len(whole.split()) <= VIEWS_ABOVE_WORDS:
        return
    problem, solution = _joined(article.problem), _joined(article.cause, article.solution)
    if min(len(problem.split()), len(solution.split())) >= VIEW_WORDS:
        yield "problem", problem
        yield "solution", solution


def _joined(*parts: str) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _pieces(body: str) -> Iterator[str]:
    """Paragraphs packed up to MAX_WORDS; a longer paragraph is cut between words."""
    packed: list[str] = []
    size = 0
    for paragraph in _paragraphs(body):
        words = len(paragraph.split())
        if packed and size + words > MAX_WORDS:
            yield "\n".join(packed)
            packed, size = [], 0
        packed.append(paragraph)
        size += words
    yield "\n".join(packed)


def _paragraphs(body: str) -> Iterator[str]:
    for paragraph in _PARAGRAPH.split(body):
        words = paragraph.split()
        if len(words) <= MAX_WORDS:
            yield paragraph.strip()
            continue
        for first in range(0, len(words), MAX_WORDS):
            yield " ".join(words[first : first + MAX_WORDS])
