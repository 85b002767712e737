"""A linear classifier of reports: TF-IDF of words and of characters, one-vs-rest linear SVM. Pure; needs scikit-learn.

Words carry the meaning, pieces of words what is misspelt or abbreviated. Where examples are few, what
their vectors tell stands beside it (`vectors.py`). Figures behind the choices: `docs/triaje.md`.
A model is stored as plain arrays and JSON, never as pickled objects: reading one can't run code.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import KFold, StratifiedShuffleSplit
from sklearn.svm import LinearSVC

from .vectors import VectorModel, train_vectors, vector_model_from

CHARACTER_WEIGHT = 0.5
# Strong regularisation wins with thousands of examples, weak with hundreds; labels that weigh the same help where some
# are rare: tried on a held-out fifth.
PENALTIES = (0.125, 0.25, 0.5, 1.0, 2.0)
BALANCES: tuple[str | None, ...] = (None, "balanced")
TEMPERATURES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
# Where a fifth would be too small to tell; what words and vectors were weighed with.
UNTRIED = (1.0, "balanced", 1.5)
HELD_OUT, PARTS = 0.2, 5
SEED = 7
# With fewer texts a word that stands in one of them tells something, too.
MANY_TEXTS = 1000
REASON_WORDS = 3
_WORD = r"(?u)\b\w+\b"
_COMMON: dict[str, Any] = {"sublinear_tf": True, "strip_accents": "unicode", "lowercase": True, "dtype": np.float32}


@dataclass(frozen=True)
class Prediction:
    """`confidence` is calibrated, 0 to 1. `words` spoke for the label most, best first."""

    label: str
    confidence: float
    words: tuple[str, ...] = ()


@dataclass
class LinearModel:
    """A trained model; `temperature` turns margins into probabilities by a softmax. `meaning` reads the vectors."""

    labels: list[str]
    words: TfidfVectorizer
    pieces: TfidfVectorizer
    weights: np.ndarray  # labels x features
    offsets: np.ndarray
    temperature: float
    meaning: VectorModel | None = None

    def predict(self, texts: Sequence[str], vectors: np.ndarray | None = None) -> list[Prediction]:
        """By the words, and by the vectors of the texts where they are given and the model reads them."""
        features = self._features(texts)
        margins = features @ self.weights.T + self.offsets
        chances = _softmax(margins * self.temperature)
        if self.meaning is not None and vectors is not None:
            chances = _softmax(np.log(chances + 1e-9) + self.meaning.log_chances(vectors))
        best = chances.argmax(axis=1)
        return [
            Prediction(self.labels[label], float(chances[row, label]), self._reason(features[row], label))
            for row, label in enumerate(best)
        ]

    def to_bytes(self) -> bytes:
        """The model as an .npz file without objects."""
        file = io.BytesIO()
        meta = {"labels": self.labels, "temperature": self.temperature}
        meta |= {"words": _vocabulary(self.words), "pieces": _vocabulary(self.pieces)}
        if self.meaning is not None:
            meta |= {"scale": self.meaning.scale, "fingerprint": self.meaning.fingerprint}
        arrays: dict[str, Any] = {
            "meta": np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8),
            "weights": self.weights.astype(np.float32),
            "offsets": self.offsets.astype(np.float32),
            "idf_words": self.words.idf_.astype(np.float32),
            "idf_pieces": self.pieces.idf_.astype(np.float32),
        }
        arrays |= self.meaning.arrays() if self.meaning else {}
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    def _features(self, texts: Sequence[str]) -> csr_matrix:
        return hstack([self.words.transform(texts), self.pieces.transform(texts) * CHARACTER_WEIGHT]).tocsr()

    def _reason(self, row: csr_matrix, label: int) -> tuple[str, ...]:
        """Whole words only: pieces of words tell a person nothing."""
        names = self.words.get_feature_names_out()
        pushes = {i: v * self.weights[label, i] for i, v in zip(row.indices, row.data, strict=True) if i < len(names)}
        strongest = sorted((i for i in pushes if pushes[i] > 0), key=lambda i: -pushes[i])
        return tuple(str(names[i]) for i in strongest[:REASON_WORDS])


def from_bytes(data: bytes) -> LinearModel:
    """What `to_bytes` wrote; ValueError or KeyError for anything else."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        meta = json.loads(arrays["meta"].tobytes())
        words, pieces = _word_features(meta["words"]), _piece_features(meta["pieces"])
        words.idf_, pieces.idf_ = arrays["idf_words"], arrays["idf_pieces"]
        numbers = (arrays["weights"], arrays["offsets"], float(meta["temperature"]))
        has_meaning = "fingerprint" in meta
        meaning = vector_model_from(arrays, float(meta["scale"]), meta["fingerprint"]) if has_meaning else None
        return LinearModel(meta["labels"], words, pieces, *numbers, meaning)


@dataclass(frozen=True)
class Vectors:
    """The vectors of the texts, a row each, and the fingerprint of their space."""

    rows: np.ndarray
    fingerprint: str = ""


def train(
    texts: Sequence[str],
    labels: Sequence[str],
    weights: Sequence[float] | None = None,
    vectors: Vectors | None = None,
) -> LinearModel:
    """Learn from at least two labels, each with any number of texts. `weights` say how much an example counts.

    `vectors` are used where they do better on parts of the examples that are held out in turn.
    """
    known, counts = np.asarray(labels), np.asarray(weights if weights is not None else np.ones(len(texts)))
    if vectors is not None and not _vectors_help(texts, known, counts, vectors):
        vectors = None
    return _learned(texts, known, counts, vectors)


def _vectors_help(texts: Sequence[str], known: np.ndarray, counts: np.ndarray, vectors: Vectors) -> bool:
    truth, by_words, by_both = [], [], []
    for learned, held_out in KFold(PARTS, shuffle=True, random_state=SEED).split(known):
        if len(set(known[learned])) < 2:
            continue
        part = Vectors(vectors.rows[learned])
        model = _learned([texts[i] for i in learned], known[learned], counts[learned], part)
        asked = [texts[i] for i in held_out]
        truth += list(known[held_out])
        by_words += [one.label for one in model.predict(asked)]
        by_both += [one.label for one in model.predict(asked, vectors.rows[held_out])]
    scores = [f1_score(truth, found, average="macro") for found in (by_both, by_words) if truth]
    return bool(scores) and scores[0] >= scores[1]


def _learned(texts: Sequence[str], known: np.ndarray, counts: np.ndarray, vectors: Vectors | None) -> LinearModel:
    least = 1 if len(texts) < MANY_TEXTS else 2
    words, pieces = _word_features(least=least), _piece_features(least=least + 1)
    features = hstack([words.fit_transform(texts), pieces.fit_transform(texts) * CHARACTER_WEIGHT]).tocsr()
    penalty, balance, temperature = UNTRIED if vectors else _tuned(features, known, counts)
    svm = _fitted(features, known, counts, penalty, balance)
    coefficients, offsets = _both_sides(svm)
    meaning = train_vectors(vectors.rows, known, counts, vectors.fingerprint) if vectors else None
    return LinearModel([str(c) for c in svm.classes_], words, pieces, coefficients, offsets, temperature, meaning)


def _fitted(
    features: csr_matrix, labels: np.ndarray, counts: np.ndarray, penalty: float, balance: str | None
) -> LinearSVC:
    svm = LinearSVC(C=penalty, random_state=SEED, class_weight=balance)
    return svm.fit(features, labels, sample_weight=counts)


def _tuned(features: csr_matrix, labels: np.ndarray, counts: np.ndarray) -> tuple[float, str | None, float]:
    """Penalty, balance and temperature that do best on a held-out fifth of the training part.

    A label with one example is learned from and not held out.
    """
    names, places = np.unique(labels, return_inverse=True)
    is_rare = (np.bincount(places) < 2)[places]
    split, rare = np.flatnonzero(~is_rare), np.flatnonzero(is_rare)
    if len(split) * HELD_OUT < 2 * len(names):
        return UNTRIED
    splitter = StratifiedShuffleSplit(1, test_size=HELD_OUT, random_state=SEED)
    [(learned, held_out)] = splitter.split(split, labels[split])
    train_rows, test_rows = np.concatenate([split[learned], rare]), split[held_out]
    tried = []
    for penalty, balance in product(PENALTIES, BALANCES):
        svm = _fitted(features[train_rows], labels[train_rows], counts[train_rows], penalty, balance)
        coefficients, offsets = _both_sides(svm)
        margins = features[test_rows] @ coefficients.T + offsets
        found = svm.classes_[margins.argmax(axis=1)]
        score = f1_score(labels[test_rows], found, average="macro")
        tried.append((score, penalty, balance, _temperature(margins, labels[test_rows], svm.classes_)))
    _score, penalty, balance, temperature = max(tried, key=lambda one: one[:2])
    return penalty, balance, temperature


def _temperature(margins: np.ndarray, labels: np.ndarray, classes: np.ndarray) -> float:
    """The one under which the true labels are likeliest (Guo et al. 2017)."""
    truth = np.searchsorted(classes, labels)
    rows = np.arange(len(labels))
    return max(TEMPERATURES, key=lambda t: float(np.log(_softmax(margins * t)[rows, truth] + 1e-9).mean()))


def _both_sides(svm: LinearSVC) -> tuple[np.ndarray, np.ndarray]:
    """Weights per label; for two labels scikit-learn keeps those of the second alone."""
    if len(svm.classes_) > 2:
        return svm.coef_, svm.intercept_
    return np.vstack([-svm.coef_, svm.coef_]), np.concatenate([-svm.intercept_, svm.intercept_])


def _softmax(values: np.ndarray) -> np.ndarray:
    shifted = np.exp(values - values.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def _word_features(vocabulary: dict[str, int] | None = None, *, least: int = 1) -> TfidfVectorizer:
    return TfidfVectorizer(ngram_range=(1, 2), token_pattern=_WORD, vocabulary=vocabulary, min_df=least, **_COMMON)


def _piece_features(vocabulary: dict[str, int] | None = None, *, least: int = 1) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), vocabulary=vocabulary, min_df=least, **_COMMON)


def _vocabulary(features: TfidfVectorizer) -> dict[str, int]:
    return {str(term): int(index) for term, index in features.vocabulary_.items()}
