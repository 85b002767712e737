"""What a person left of a proposal in the solution: sentence by sentence, by source. Pure.

The pairs are found greedily, the most alike first (Dice's coefficient of their words); a pair below ALIKE is none.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from incidents.similar.words import shared, words_of
from knowledge.assistant.words import sentences, steps
from knowledge.citing import MARKERS, without_markers
from prsystem.core.text.cleaning import fold

ACCEPTED = 0.8  # of the words of proposal and solution are the same: it was used, at most with a few words changed
ALIKE = 0.5
MOST = 120  # sentences of each text; the work grows with their product


@dataclass
class Left:
    """Of one source: sentences kept, changed (before and after), deleted."""

    kept: list[str] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """`by_source` by the number of the citation; `added` is of no source. `share` (0 to 1): how alike the whole is."""

    by_source: Mapping[int, Left]
    added: list[str]
    share: float

    @property
    def is_accepted(self) -> bool:
        return self.share >= ACCEPTED

    @property
    def is_used(self) -> bool:
        return self.is_accepted or any(left.kept or left.changed for left in self.by_source.values())


@dataclass(frozen=True)
class _Sentence:
    text: str
    numbers: tuple[int, ...] = ()

    @property
    def plain(self) -> str:
        return " ".join(re.findall(r"[\w.,/-]+", fold(self.text))).rstrip(".,")


def compared(proposal: str, solution: str) -> Comparison:
    """The proposal, with its markers `[1]`, beside the solution that was written."""
    proposed, written = _cited(proposal), [_Sentence(text) for text in _split(solution)][:MOST]
    pairs = _paired(proposed, written)
    by_source: dict[int, Left] = {n: Left() for sentence in proposed for n in sentence.numbers}
    for at, sentence in enumerate(proposed):
        after = written[pairs[at]] if at in pairs else None
        for number in sentence.numbers:
            _put(by_source[number], sentence, after)
    used = set(pairs.values())
    added = [sentence.text for at, sentence in enumerate(written) if at not in used]
    return Comparison(by_source, added, shared(words_of(without_markers(proposal)), words_of(solution)))


def _put(left: Left, sentence: _Sentence, after: _Sentence | None) -> None:
    if after is None:
        left.deleted.append(sentence.text)
    elif after.plain == sentence.plain:
        left.kept.append(sentence.text)
    else:
        left.changed.append((sentence.text, after.text))


def _split(text: str) -> list[str]:
    return [sentence for step in steps(text) for sentence in sentences(step)]


def _cited(proposal: str) -> list[_Sentence]:
    """Each sentence with the numbers that it cites; one without any goes with the next that has some, as the lines of
    a list under one marker do."""
    found: list[_Sentence] = []
    open_from = 0
    for text in _split(proposal)[:MOST]:
        numbers = tuple(dict.fromkeys(int(n) for n in re.findall(r"\d+", "".join(MARKERS.findall(f" {text}")))))
        bare = without_markers(f" {text}")
        if bare:
            found.append(_Sentence(bare, numbers))
        if numbers:
            found[open_from:] = [_Sentence(one.text, one.numbers or numbers) for one in found[open_from:]]
            open_from = len(found)
    last = found[open_from - 1].numbers if open_from else ()
    return [*found[:open_from], *(_Sentence(one.text, last) for one in found[open_from:])]


def _paired(proposed: Sequence[_Sentence], written: Sequence[_Sentence]) -> dict[int, int]:
    ours, theirs = [words_of(one.text) for one in proposed], [words_of(one.text) for one in written]
    scored = [
        (1.0 if one.plain == other.plain else min(0.999, shared(ours[i], theirs[j])), i, j)
        for i, one in enumerate(proposed)
        for j, other in enumerate(written)
    ]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for score, i, j in sorted(scored, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if score >= ALIKE and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs
