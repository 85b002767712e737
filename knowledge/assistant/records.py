"""What goes into a suggestion and what comes out of it. Plain values: no models, no network."""

from dataclasses import dataclass
from enum import StrEnum

SOLUTION_KINDS = frozenset({"solution", "whole"})


class Rung(StrEnum):
    """The step of the ladder on which a suggestion was made; the values are the contract's `peldaño`."""

    MODEL = "modelo"
    EXTRACTIVE = "extractiva"
    SIMILAR = "similares"
    QUEUE = "cola"


@dataclass(frozen=True)
class Passage:
    """A numbered piece of a knowledge version.

    `n` is its number in the suggestion, from 1. `kind` is problem, cause, solution or whole; of one article and kind
    the ids rise in reading order. `score` ranks, `cosine` is None without a dense index.
    """

    n: int
    passage_id: int
    article_slug: str
    article_title: str
    version: str
    kind: str
    lang: str
    text: str
    score: float
    cosine: float | None = None

    @property
    def is_solution(self) -> bool:
        return self.kind in SOLUTION_KINDS


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer after its check. `line` groups sentences of one step; `text` has no markers.

    `reason` is empty for a supported sentence, else one of grounding.REASONS. A sentence that isn't shown is left
    out of the answer's text and kept for the record.
    """

    text: str
    citations: tuple[int, ...]
    line: int
    reason: str = ""
    is_shown: bool = True

    @property
    def is_supported(self) -> bool:
        return not self.reason


@dataclass(frozen=True)
class Draft:
    """An answer: `text` holds the markers [n], `citations` their numbers in order of appearance."""

    text: str
    citations: list[int]
    confidence: float
    rung: Rung
    sentences: tuple[Sentence, ...]
