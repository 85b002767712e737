"""Nearest neighbours on vectors: better than a linear model while a label has only a few dozen examples. Pure."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from .linear import Prediction

NEIGHBOURS = 7
# Vectors of one model lie close together: what counts is how much nearer than the rest.
SHARPNESS = 12.0


def nearest_labels(
    queries: np.ndarray, known: np.ndarray, labels: Sequence[str], *, neighbours: int = NEIGHBOURS
) -> list[Prediction]:
    """The label of each query by a weighted vote of its nearest; vectors have length 1.

    `confidence` is the winner's share of the votes.
    """
    cosines = queries @ known.T
    count = min(neighbours, len(labels))
    return [_vote(row, np.argpartition(-row, count - 1)[:count], labels) for row in cosines]


def _vote(cosines: np.ndarray, nearest: np.ndarray, labels: Sequence[str]) -> Prediction:
    top = float(cosines[nearest].max())
    votes: dict[str, float] = defaultdict(float)
    for index in nearest:
        votes[labels[index]] += float(np.exp(SHARPNESS * (cosines[index] - top)))
    label = max(votes, key=lambda name: (votes[name], name))
    return Prediction(label, votes[label] / sum(votes.values()))
