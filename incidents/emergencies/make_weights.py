"""Fits what `meaning.py` knows of danger, and writes it beside the code.

    python -m incidents.emergencies.make_weights

`wordings.jsonl` holds {"text", "emergency"} by line, `ordinary.jsonl` whole reports of everyday, which speak of no
danger: {"text"}. A report is judged by the most dangerous of its parts, so its parts are learned as harmless. The two
limits are where FALSE_ALARMS of those parts, and of those reports, are taken for danger when each fifth is judged by
weights that were fitted on the rest. Neighbouring wordings stay together: many are a danger and its harmless double.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from integrations.embedder.model import DEFAULT_MODEL, SECOND_MODEL, load_model
from knowledge.retrieval.language import detect_language

from .meaning import WEIGHTS, as_said, letters_of, windows_of

WORDINGS, ORDINARY = (Path(__file__).with_name(name) for name in ("wordings.jsonl", "ordinary.jsonl"))
FALSE_ALARMS = 0.04
TEXTS_AT_ONCE = 32
# Halved, vectors give way a little to words: with each source left out in turn and one false alarm in twenty, .87 of
# the dangers in reports of several parts were told instead of .83.
VECTORS_SHARE = 0.5
FOLDS, NEIGHBOURS = GroupKFold(5), 10


@dataclass(frozen=True)
class Examples:
    """`is_danger` of each text; `group` is kept together, and below zero the number of an ordinary report less one."""

    texts: list[str]
    is_danger: np.ndarray
    group: np.ndarray

    @cached_property
    def reports(self) -> list[np.ndarray]:
        """The rows of each ordinary report."""
        return [np.flatnonzero(self.group == group) for group in np.unique(self.group[self.group < 0])]


def examples_of(wordings: Path, ordinary: Path) -> Examples:
    rows = [json.loads(line) for line in wordings.read_text(encoding="utf-8").splitlines()]
    reports = [json.loads(line)["text"] for line in ordinary.read_text(encoding="utf-8").splitlines()]
    parts = [(window, -1 - number) for number, text in enumerate(reports) for window in windows_of(text)]
    return Examples(
        [row["text"] for row in rows] + [window for window, _group in parts],
        np.array([row["emergency"] for row in rows] + [False] * len(parts)),
        np.array([place // NEIGHBOURS for place in range(len(rows))] + [group for _window, group in parts]),
    )


def regression() -> LogisticRegression:
    return LogisticRegression(C=12, class_weight="balanced", max_iter=5000)


@dataclass(frozen=True)
class Fitted:
    """`numbers` are the offset and the limits of one part and of many; `told` the share of the dangers that reach the
    first in the fifths left out."""

    weights: np.ndarray
    numbers: tuple[float, float, float]
    told: float


def fitted(features: csr_matrix, examples: Examples) -> Fitted:
    truth = examples.is_danger
    judged = cross_val_predict(
        regression(), features, truth, groups=examples.group, cv=FOLDS, method="decision_function"
    )
    parts, reports = judged[examples.group < 0], [judged[rows].max() for rows in examples.reports]
    one, many = (float(np.quantile(sums, 1 - FALSE_ALARMS)) for sums in (parts, reports))
    model = regression().fit(features, truth)
    return Fitted(model.coef_[0], (float(model.intercept_[0]), one, many), float((judged[truth] >= one).mean()))


def embedded(texts: list[str], embed: Callable[..., np.ndarray]) -> np.ndarray:
    said = [as_said(text) for text in texts]
    parts = [said[at : at + TEXTS_AT_ONCE] for at in range(0, len(said), TEXTS_AT_ONCE)]
    return np.vstack([embed(part, "query", [detect_language(text) for text in part]) for part in parts])


def main() -> None:
    examples = examples_of(WORDINGS, ORDINARY)
    models = [load_model(DEFAULT_MODEL), load_model(SECOND_MODEL)]
    letters, vectors = (
        letters_of(examples.texts),
        np.hstack([embedded(examples.texts, model.embed) for model in models]),
    )
    both = fitted(hstack([letters, csr_matrix(VECTORS_SHARE * vectors)]).tocsr(), examples)
    alone = fitted(letters, examples)
    np.savez_compressed(
        WEIGHTS,
        both_letters=both.weights[: -vectors.shape[1]].astype(np.float16),
        vector=(VECTORS_SHARE * both.weights[-vectors.shape[1] :]).astype(np.float32),
        both_offset_limits=np.array(both.numbers),
        alone_letters=alone.weights.astype(np.float16),
        alone_offset_limits=np.array(alone.numbers),
        embedders=np.array([model.digest for model in models]),
    )
    sys.stdout.write(
        f"{len(examples.texts)} texts; told of the dangers: {both.told:.3f}, by words alone {alone.told:.3f}\n"
    )


if __name__ == "__main__":
    main()
