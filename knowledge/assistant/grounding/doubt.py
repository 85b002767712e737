"""How likely a sentence says what its passage doesn't, told by the words for which the passage has no fellow.

No list knows every word, so a word without a fellow is no fault by itself: plain signs of such words give one
probability, with the weights that `make_doubt` fitted (`doubt_weights.json`). Cosines of an embedder were tried as
signs, of words and of sentences, and told nothing more (`docs/recuperacion.md`).
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from .reading import Clause, Term

WEIGHTS = Path(__file__).with_name("doubt_weights.json")
# A sentence that is likelier to be false isn't shown. Chosen where a falsehood that is shown costs five times as much
# as a good sentence that isn't, on sets that the weights hadn't seen.
LIMIT = 0.35
Signs = Counter[str]
KINDS = ("act", "thing", "quality", "word")
UNMATCHED = tuple(f"{where}_{kind}" for where in ("unknown", "elsewhere") for kind in KINDS)
# Those that weigh; a sentence has the sums over its clauses.
NAMES = (*UNMATCHED, "replaced", "alike", "same", "figures")


def found(term: Term, terms: Iterable[Term]) -> Term | None:
    return next((other for other in terms if term.is_same(other)), None)


def signs_of(
    claim: Clause, whole: Sequence[Clause], clause: Clause, sentence: Sequence[Clause], elsewhere: Sequence[Term]
) -> Signs:
    """Signs of a clause beside one of a passage. `sentence` is that of the passage, `elsewhere` the terms of its others
    and of the title."""
    near = [term for other in sentence for term in other.terms]
    said = [term for other in whole for term in other.terms]
    left = [term for term in clause.terms if not found(term, said)]
    signs = Signs(figures=len(claim.quantities) + len(claim.codes), left=len(left))
    for term in claim.terms:
        fellow = found(term, clause.terms) or found(term, near)
        if fellow:
            signs["same" if fellow.root == term.root else "alike"] += 1
            continue
        signs[f"{'elsewhere' if found(term, elsewhere) else 'unknown'}_{_kind(term)}"] += 1
        signs["replaced"] += int(not term.is_action and any(other.is_thing and not other.is_action for other in left))
    return signs


def _kind(term: Term) -> str:
    if term.is_action:
        return "act"
    return "thing" if term.is_thing else "quality" if term.concepts else "word"


def unmatched(signs: Signs) -> int:
    """The number of words without a fellow in the sentence of the passage."""
    return sum(signs[name] for name in UNMATCHED)


def values_of(signs: Signs) -> list[float]:
    """The signs of a sentence in the order of NAMES."""
    return [float(signs[name]) for name in NAMES]


def doubt(signs: Signs) -> float:
    """The probability that a sentence is false; 0 where every word has its fellow."""
    if not unmatched(signs):
        return 0.0
    weights = _weights()
    pairs = zip(NAMES, values_of(signs), strict=True)
    logit = weights["intercept"] + sum(weights[name] * value for name, value in pairs)
    return 1 / (1 + math.exp(-logit))


@cache
def _weights() -> dict[str, float]:
    return dict(json.loads(WEIGHTS.read_text(encoding="utf-8")))
