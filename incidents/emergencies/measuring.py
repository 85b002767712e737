"""How well danger is told, on wordings whose truth is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .hearing import report_heard
from .services import danger_told


@dataclass(frozen=True)
class Wording:
    """A text as somebody reports it, and whether it speaks of danger to people."""

    text: str
    is_danger: bool


@dataclass(frozen=True)
class UrgencyScore:
    """Shares: `recall` of the dangers that are told, `by_words` of those told within the request, `false_alarms` of the
    other texts. `wrong` are those judged wrongly."""

    recall: float
    by_words: float
    false_alarms: float
    wrong: list[Wording]


def urgency_measured(wordings: Sequence[Wording], advance: Callable[[int], object]) -> UrgencyScore:
    """Needs at least one wording of each kind."""
    by_words, told = [], []
    for wording in wordings:
        by_words.append(danger_told(wording.text) is not None)
        told.append(by_words[-1] or _is_heard(wording.text))
        advance(1)
    return UrgencyScore(
        _share(told, wordings, is_danger=True),
        _share(by_words, wordings, is_danger=True),
        _share(told, wordings, is_danger=False),
        [wording for wording, was_told in zip(wordings, told, strict=True) if was_told != wording.is_danger],
    )


def _is_heard(text: str) -> bool:
    heard = report_heard(text)
    return heard is not None and heard.is_danger


def _share(told: Sequence[bool], wordings: Sequence[Wording], *, is_danger: bool) -> float:
    chosen = [was_told for was_told, wording in zip(told, wordings, strict=True) if wording.is_danger is is_danger]
    return sum(chosen) / len(chosen)
