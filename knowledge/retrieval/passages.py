"""Cuts an article's version into the passages that are embedded. Pure.

A short article is one passage. A longer one has also a view of its problem and one of its solution, since a report
resembles the problem alone more than the whole. Each view starts with a short passage, since what is embedded as a
mean of many words resembles nothing much, and its beginning says what a text is about; the rest follows in pieces that
the embedder still reads whole, cut between lines, with the title repeated (measured in `docs/recuperacion.md`).
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["whole", "problem", "solution"]

LEAD_WORDS = 110
WHOLE_WORDS = 150  # up to here a text isn't parted
MAX_WORDS = 330  # beside the title, within 512 tokens
VIEWS_ABOVE_WORDS = 60
VIEW_WORDS = 8


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
    """Views of the article, each in a lead of LEAD_WORDS words and pieces of MAX_WORDS, beside the title."""
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
    """Lines packed into LEAD_WORDS words, then MAX_WORDS; one is cut only if less than half a piece would be filled."""
    lines = deque(line.split() for line in body.splitlines() if line.strip())
    packed: list[list[str]] = []
    limit = LEAD_WORDS if len(body.split()) > WHOLE_WORDS else WHOLE_WORDS
    while lines:
        room = limit - sum(map(len, packed))
        if len(lines[0]) <= room:
            packed.append(lines.popleft())
            continue
        if room > limit // 2:
            words = lines.popleft()
            packed.append(words[:room])
            lines.appendleft(words[room:])
        yield _text(packed)
        packed, limit = [], MAX_WORDS
    yield _text(packed)


def _text(lines: list[list[str]]) -> str:
    return "\n".join(" ".join(words) for words in lines)
