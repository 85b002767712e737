"""How probable it is that a passage answers a text. Pure.

A logistic regression over signs that two texts belong together: how near they are in meaning and how far the nearest is
ahead of the next one, which tells more than the height; the words, names and language they share; the area. Told of
every candidate by itself, never of its rank or its fusion score, which is high for the best of nothing too. Fitted on
answers that were there and on the best of what was left when they were taken away: `make_weights`,
`docs/recuperacion.md`.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from ..assistant.words import content_stems
from .names import Name, agreement_of, named_in
from .ruled_out import is_ruled_out
from .usefulness import CEILING

Space = Literal["both", "first", "second", "words"]

JUDGED = 10  # candidates that get a probability
NEIGHBOURS = 20  # among which a candidate stands out or not
RIVALS = 10
ALONE_GAP, ALONE_OVER = 0.1, 0.2  # of a candidate without neighbours: a usual lead
MOST_LENGTH = 3.5
SAID_CHARACTERS, TWIN_CHARACTERS = 6000, 1500
SAME_SAID = 0.7  # of the words of two articles together, so many in both: they say the same
# The spaces whose cosines the weights know. Those of other models mean something else and don't count.
FIRST_MODEL, SECOND_MODEL = "multilingual-e5-small", "use-multilingual-v3"
# An article in another language shares no words with a question, and a short one gives meaning little to hold on to:
# its probability stays low though it answers. One that both embedders place so near is worth a look (measured in
# `docs/recuperacion.md`).
NEAR_FIRST, NEAR_SECOND = 0.38, 0.20
# What is so far in meaning answers nothing, however well one word fits: «partido» is no «part». Of what answers in the
# sets that were looked at nearly nothing is (measured there, too).
FAR = 0.30
WEIGHTS = Path(__file__).with_name("answer_weights.json")

FOREIGN = "foreign"

Signs = dict[str, float]


@dataclass(frozen=True)
class Asked:
    """A report or question; `area` "" where it isn't known."""

    text: str
    lang: str = ""
    area: str = ""


@dataclass(frozen=True)
class Candidate:
    """An article that was found: `words` its BM25 score (0 when words didn't find it), `first` and `second` the cosines
    of its best passage by FIRST_MODEL and SECOND_MODEL."""

    title: str
    said: str
    lang: str
    area: str = ""
    words: float = 0.0
    first: float | None = None
    second: float | None = None


_Told = tuple[Candidate, frozenset[str]]  # with the words that it says


def probabilities(asked: Asked, candidates: Sequence[Candidate]) -> list[float]:
    """Of each of the first JUDGED candidates (best first), from 0 to 1."""
    space = space_of_signs(candidates)
    judged = zip(candidates, signs_of(asked, candidates), strict=False)
    return [_unless_ruled_out(asked, candidate, probability_of(signs, space)) for candidate, signs in judged]


def _unless_ruled_out(asked: Asked, candidate: Candidate, probability: float) -> float:
    problem, _, steps = candidate.said.partition("\n")
    if probability <= CEILING or not is_ruled_out(asked.text, candidate.title, problem, steps):
        return probability
    return CEILING


def probability_of(signs: Signs, space: Space) -> float:
    """`space`: which embedders gave cosines. An article in another language shares no words: its weights are others."""
    if is_far(signs):
        return 0.0
    weights = _weights()[f"{space}_{FOREIGN}" if signs.get(FOREIGN) else space]
    logit = weights["intercept"] + sum(weights.get(name, 0.0) * value for name, value in signs.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def is_near_abroad(first: float | None, second: float | None) -> bool:
    """Whether both models place an article in another language than the text near enough to be looked at."""
    return (first or 0.0) >= NEAR_FIRST and (second or 0.0) >= NEAR_SECOND


def is_far(signs: Signs) -> bool:
    """Whether the meaning rules it out, unless both name the same code or machine."""
    return signs.get("first", FAR) < FAR and not (signs["shared_code"] or signs["shared_machine"])


def space_of_signs(candidates: Sequence[Candidate]) -> Space:
    """Which weights fit what is known of the candidates."""
    has_first = any(c.first is not None for c in candidates)
    has_second = any(c.second is not None for c in candidates)
    if has_first and has_second:
        return "both"
    return "first" if has_first else "second" if has_second else "words"


def signs_of(asked: Asked, candidates: Sequence[Candidate]) -> list[Signs]:
    """The signs of each of the first JUDGED candidates."""
    among = [(c, content_stems(f"{c.title}\n{c.said[:TWIN_CHARACTERS]}")) for c in candidates[:NEIGHBOURS]]
    names, stems = named_in(asked.text[:SAID_CHARACTERS]), content_stems(asked.text)
    return [_signs(asked, n, among, names, stems) for n in range(len(among[:JUDGED]))]


def _signs(asked: Asked, at: int, among: Sequence[_Told], names: frozenset[Name], stems: frozenset[str]) -> Signs:
    this = among[at][0]
    is_rival = [n != at and _is_rival(among[at], other) for n, other in enumerate(among)]
    others = [other for (other, _), counts in zip(among, is_rival, strict=True) if counts]
    rivals = [other for (other, _), counts in zip(among[:RIVALS], is_rival, strict=False) if counts]
    most_words = max((other.words for other, _ in among), default=0.0) or 1.0
    is_foreign = bool(asked.lang) and this.lang != asked.lang
    title = content_stems(this.title)
    agreement = agreement_of(names, named_in(f"{this.title}\n{this.said[:SAID_CHARACTERS]}"))
    signs = {
        FOREIGN: float(is_foreign),
        "shared_code": float(agreement.shared_codes > 0),
        "other_code": float(agreement.other_codes > 0),
        "shared_machine": float(agreement.shared_machines > 0),
        "other_machine": float(agreement.other_machines > 0),
        "length": min(math.log1p(len(stems)), MOST_LENGTH),
        "area": _area_sign(asked.area, this.area),
    }
    if not is_foreign:
        next_words = max((other.words for other in rivals), default=0.0)
        signs["words"] = math.log1p(this.words)
        signs["words_gap"] = (this.words - next_words) / most_words
        signs["title"] = len(stems & title) / max(1, len(title))
    for name, cosine_of in (("first", _first), ("second", _second)):
        signs |= _nearness(name, cosine_of, this, others, rivals)
    return signs


def _nearness(
    name: str,
    cosine_of: Callable[[Candidate], float | None],
    this: Candidate,
    others: Sequence[Candidate],
    rivals: Sequence[Candidate],
) -> Signs:
    """The cosine, its lead before the nearest rival and its height above the mean of the others."""
    height = cosine_of(this)
    if height is None:
        return {}
    known = [cosine for other in others if (cosine := cosine_of(other)) is not None]
    near = [cosine for other in rivals if (cosine := cosine_of(other)) is not None]
    mean = sum(known) / len(known) if known else height - ALONE_OVER
    return {
        name: height,
        f"{name}_gap": height - max(near, default=height - ALONE_GAP),
        f"{name}_over": height - mean,
    }


def _is_rival(this: _Told, other: _Told) -> bool:
    """Another answer under the same title, one that says the same, or a translation doesn't make this one doubtful."""
    (mine, my_stems), (its, its_stems) = this, other
    if its.lang != mine.lang or its.title.strip().lower() == mine.title.strip().lower():
        return False
    return len(my_stems & its_stems) < SAME_SAID * max(1, len(my_stems | its_stems))


def _area_sign(asked: str, said: str) -> float:
    if not asked or not said:
        return 0.0
    return 1.0 if asked == said else -1.0


def _first(candidate: Candidate) -> float | None:
    return candidate.first


def _second(candidate: Candidate) -> float | None:
    return candidate.second


@cache
def _weights() -> dict[str, dict[str, float]]:
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))
