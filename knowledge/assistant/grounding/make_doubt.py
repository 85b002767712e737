"""Fits the weights of `doubt` and writes them beside the code.

    python -m knowledge.assistant.grounding.make_doubt FILE...

Each FILE is one of `manage.py evaluate_grounding`. Faults that no single sentence shows (order, steps left out) and
sentences that a rule decides don't count. Before it writes, it tells for each file, with weights of the others alone,
how many of the false and of the faithful sentences would be flagged at several limits.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from ..records import Passage
from .doubt import NAMES, UNMATCHED, WEIGHTS, unmatched, values_of
from .splitting import split_answer
from .verdict import signs_in

OF_SEVERAL = frozenset(("order", "leaves_out_safety", "safety"))
LIMITS = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
PENALTY = 0.05  # of the regression on standardised signs: the inverse of its strength

FAITHFUL = "ok"
Rows = tuple[np.ndarray, np.ndarray]


def rows_of(name: str) -> Rows:
    """(signs, whether it is false) of the sentences of a file with words that have no fellow."""
    signs, is_false = [], []
    for answer in map(json.loads, Path(name).read_text(encoding="utf-8").splitlines()):
        numbered = {given["n"]: _passage(**given) for given in answer["passages"]}
        for marked in split_answer(answer["text"]) if answer["kind"] not in OF_SEVERAL else ():
            found = signs_in(marked, numbered)
            if found is not None and unmatched(found):
                signs.append(values_of(found))
                is_false.append(answer["kind"] != FAITHFUL)
    return np.array(signs), np.array(is_false)


def _passage(n: int, title: str, text: str) -> Passage:
    return Passage(n, n, f"p{n}", title, "", "solution", "", text, 1.0)


def fitted(sets: Sequence[Rows]) -> dict[str, float]:
    """Weights on the signs as they are. Where a word without a fellow would make a sentence likelier to be true, it
    weighs nothing: what a model adds must never help it."""
    values, is_false = (np.concatenate(parts) for parts in zip(*sets, strict=True))
    weights = _regression(values, is_false)
    while helping := [name for name in UNMATCHED if weights[name] < 0]:
        values = values * [name not in helping and weights[name] != 0 for name in NAMES]
        weights = _regression(values, is_false)
    return weights


def _regression(values: np.ndarray, is_false: np.ndarray) -> dict[str, float]:
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-6
    model = LogisticRegression(C=PENALTY, max_iter=2000).fit((values - mean) / spread, is_false)
    slopes = model.coef_[0] / spread
    weights = {name: round(float(slope), 4) for name, slope in zip(NAMES, slopes, strict=True)}
    return {"intercept": round(float(model.intercept_[0] - slopes @ mean), 4)} | weights


def told(rows: Rows, weights: dict[str, float]) -> dict[str, str]:
    values, is_false = rows
    likely = 1 / (1 + np.exp(-weights["intercept"] - values @ [weights[name] for name in NAMES]))
    flagged = {limit: likely >= limit for limit in LIMITS}
    return {
        str(limit): f"{one[is_false].sum()}/{is_false.sum()} {one[~is_false].sum()}/{(~is_false).sum()}"
        for limit, one in flagged.items()
    }


def main(files: Sequence[str]) -> None:
    sets = [rows_of(name) for name in files]
    for held, name in enumerate(files):
        others = [rows for number, rows in enumerate(sets) if number != held]
        if others:
            sys.stdout.write(f"held out: {Path(name).stem} {json.dumps(told(sets[held], fitted(others)))}\n")
    WEIGHTS.write_text(json.dumps(fitted(sets), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
