"""Logistic regression on the vectors of reports: what they mean, where the words of few examples don't meet. Pure;
needs scikit-learn."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

# Weak regularisation, on vectors whose distance to their middle is 1: tried with 50, 100 and 200 examples.
PENALTY = 10.0
MOST_ROUNDS = 300
ARRAYS = ("vector_weights", "vector_offsets", "vector_middle")


@dataclass(frozen=True)
class VectorModel:
    """`weights`: labels x dimensions, in the order of the labels of the words' model beside it. `fingerprint` names the
    space of the vectors: those of another can't be read."""

    weights: np.ndarray
    offsets: np.ndarray
    middle: np.ndarray
    scale: float
    fingerprint: str

    def log_chances(self, vectors: np.ndarray) -> np.ndarray:
        """Logarithms of the labels' probabilities, a row for each vector."""
        margins = ((vectors - self.middle) / self.scale) @ self.weights.T + self.offsets
        shifted = margins - margins.max(axis=1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))

    def arrays(self) -> dict[str, np.ndarray]:
        found = (self.weights, self.offsets, self.middle)
        return {name: array.astype(np.float32) for name, array in zip(ARRAYS, found, strict=True)}


def vector_model_from(arrays: Mapping[str, np.ndarray], scale: float, fingerprint: str) -> VectorModel:
    """What `arrays` gave; KeyError for anything else."""
    weights, offsets, middle = (arrays[name] for name in ARRAYS)
    return VectorModel(weights, offsets, middle, scale, fingerprint)


def train_vectors(vectors: np.ndarray, labels: np.ndarray, counts: np.ndarray, fingerprint: str) -> VectorModel:
    """Learn from at least two labels; each label weighs the same, however many examples it has."""
    middle = vectors.mean(axis=0)
    scale = float(np.linalg.norm(vectors - middle, axis=1).mean()) or 1.0
    model = LogisticRegression(C=PENALTY, max_iter=MOST_ROUNDS, class_weight="balanced")
    model.fit((vectors - middle) / scale, labels, sample_weight=counts)
    weights, offsets = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # the weights of the second alone
        zeros = np.zeros_like(weights)
        weights, offsets = np.vstack([zeros, weights]), np.concatenate([np.zeros_like(offsets), offsets])
    return VectorModel(weights, offsets, middle, scale, fingerprint)
