"""Fits the weights of `abstain` and writes them beside the code.

    python -m knowledge.retrieval.make_weights SIGNS...

Each file of SIGNS is what `evaluate_retrieval DIR --signs FILE` wrote: a line per query and candidate, with the answer
there and taken away. Every set weighs the same up to QUERIES queries. Where there are vectors, the weights are the mean
of those fitted with and without them: how high cosines are differs between kinds of texts, and reports of a plant that
the fit hasn't seen are told apart better so. Before it writes, it tells how weights fitted on the other sets do on each
set.
"""

import argparse
import json
import math
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from ..assistant.ladder import Thresholds
from .abstain import FOREIGN, WEIGHTS, Signs, Space, is_far
from .evaluation import abstention

QUERIES = 600
PENALTY = 0.3  # of the regression on standardised signs: the inverse of its strength
SPACES: dict[Space, tuple[str, ...]] = {"both": (), "first": ("second",), "second": ("first",)}
SPACES["words"] = ("first", "second")

Weights = dict[str, dict[str, float]]  # "" for the language of the text, "_foreign" for another one
Row = dict[str, Any]  # query, is_answerable, is_right, signs


def weights_of(sets: list[list[Row]], without: tuple[str, ...]) -> Weights:
    """For articles in the language of the text the mean of the weights with and without vectors; by themselves those
    for articles in another one."""
    own, foreign = (
        [[r for r in part if bool(r["signs"][FOREIGN]) is other] for part in sets] for other in (False, True)
    )
    own, foreign = ([part for part in parts if part] for parts in (own, foreign))
    whole, words = fitted(own, without), fitted(own, SPACES["words"])
    mean = {name: round((value + words.get(name, 0.0)) / 2, 4) for name, value in whole.items()}
    return {"": mean, f"_{FOREIGN}": fitted(foreign, without)}


def fitted(sets: list[list[Row]], without: tuple[str, ...]) -> dict[str, float]:
    """Weights on the signs as they are, with the intercept."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows = [row for part in sets for row in part]
    names = sorted({name for row in rows for name in row["signs"] if not name.startswith(without or ("-",))})
    values = np.array([[row["signs"].get(name, 0.0) for name in names] for row in rows])
    weights = np.concatenate([np.full(len(part), min(1.0, QUERIES / len({r["query"] for r in part}))) for part in sets])
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-6
    model = LogisticRegression(C=PENALTY, max_iter=2000)
    model.fit((values - mean) / spread, [row["is_right"] for row in rows], sample_weight=weights)
    slopes = model.coef_[0] / spread
    found = {name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)}
    return {"intercept": round(float(model.intercept_[0] - slopes @ mean), 4)} | found


def judged(rows: list[Row], weights: Weights) -> list[tuple[bool, float]]:
    """Whether a query has an answer, and the best probability of its candidates."""
    best: dict[tuple[str, bool], float] = defaultdict(float)
    for row in rows:
        key = (row["query"], row["is_answerable"])
        best[key] = max(best[key], _probability(row["signs"], weights))
    return [(is_answerable, value) for (_query, is_answerable), value in best.items()]


def _probability(signs: Signs, both: Weights) -> float:
    if is_far(signs):
        return 0.0
    weights = both[f"_{FOREIGN}" if signs[FOREIGN] else ""]
    logit = weights["intercept"] + sum(weights.get(name, 0.0) * value for name, value in signs.items())
    return 1 / (1 + math.exp(-logit))


def main() -> None:
    parser = argparse.ArgumentParser(description="Weights of the probability that a passage answers")
    parser.add_argument("files", nargs="+", type=Path)
    files = parser.parse_args().files
    sets = [[json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] for file in files]
    for space, without in SPACES.items():
        for held, file in enumerate(files):
            others = [part for number, part in enumerate(sets) if number != held]
            if others:
                told = abstention(judged(sets[held], weights_of(others, without)), Thresholds().answer)
                sys.stdout.write(f"{space} held out: {file.stem} {json.dumps(told)}\n")
    weights = {
        f"{space}{language}": found
        for space, without in SPACES.items()
        for language, found in weights_of(sets, without).items()
    }
    WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
