"""How probable it is that a report speaks of danger, whatever its words. Pure; needs scikit-learn, so for jobs alone.

A logistic regression over the report's vector, its words and their pieces, fitted by `make_weights.py` on
`wordings.jsonl` and `ordinary.jsonl`: pieces bear misspellings, the vector bears what was never read before. Figures:
`docs/emergencias.md`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer

from prsystem.core.text.cleaning import fold

WEIGHTS = Path(__file__).with_name("meaning.npz")
BUCKETS = 2**15
WORDS_WEIGHT = 0.7
# A danger is often said in passing: the beginning is looked at as a whole, and each sentence with the one behind it.
# A sentence alone isn't: «al sacarla se ve barrida» or «se lo lleva jalando» say only with their neighbour what of.
WHOLE_CHARACTERS = 400
MOST_WINDOWS = 12
_SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+|\n+")


@dataclass(frozen=True)
class Weights:
    """The fitted model: weights of words and pieces, of the vector (unused without an embedder), and the offset. A text
    of one part whose sum reaches `limit` is taken for danger; of several parts one must reach `limit_of_many`, since
    the highest of many is higher."""

    letters: np.ndarray
    vector: np.ndarray
    offset: float
    limit: float
    limit_of_many: float


@dataclass(frozen=True)
class Heard:
    """The part of a report that sounds most like danger, and how surely, 0 to 1: from 0.5 it is taken for one."""

    window: str
    chance: float
    is_danger: bool


def windows_of(text: str) -> list[str]:
    """What is judged of a report: its beginning, and each of its first sentences with the one behind it."""
    whole = " ".join(text[:WHOLE_CHARACTERS].split())
    sentences = [" ".join(part.split()) for part in _SENTENCE_END.split(text) if part.strip()]
    pairs = [f"{first} {second}"[:WHOLE_CHARACTERS] for first, second in pairwise(sentences)]
    return list(dict.fromkeys([whole, *pairs]))[:MOST_WINDOWS] if whole else []


def as_said(text: str) -> str:
    """What is judged of a text: its capitals and its last full stop are the form of who wrote it, no sign of danger."""
    return text.lower().strip(" .!?¡¿…")


def danger_heard(windows: Sequence[str], vectors: np.ndarray | None) -> Heard | None:
    """The most dangerous of the windows; None without any. `vectors` (a row each) are of what `as_said` leaves, by the
    embedders that `weights_embedders` names; without them words and pieces decide, with a limit of their own."""
    if not windows:
        return None
    weights = weights_shipped(has_vectors=vectors is not None)
    sums = letters_of(windows) @ weights.letters + weights.offset
    if vectors is not None:
        sums = sums + vectors @ weights.vector
    best = int(np.argmax(sums))
    above = float(sums[best]) - (weights.limit if len(windows) == 1 else weights.limit_of_many)
    return Heard(windows[best], float(1 / (1 + np.exp(-above))), above >= 0)


def letters_of(texts: Sequence[str]) -> csr_matrix:
    """Words and pairs of words, and pieces of three to five letters: len(texts) x 2 BUCKETS."""
    pieces, words = _hashers()
    said = [as_said(text) for text in texts]
    return hstack([pieces.transform(said), words.transform(said) * WORDS_WEIGHT]).tocsr()


@cache
def _hashers() -> tuple[HashingVectorizer, HashingVectorizer]:
    common: dict[str, Any] = {"n_features": BUCKETS, "alternate_sign": False, "preprocessor": fold}
    pieces = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), **common)
    return pieces, HashingVectorizer(ngram_range=(1, 2), **common)


@cache
def weights_shipped(*, has_vectors: bool) -> Weights:
    """Those that come with the product, read once in a process."""
    prefix = "both" if has_vectors else "alone"
    with np.load(WEIGHTS) as file:
        numbers = map(float, file[f"{prefix}_offset_limits"])
        return Weights(file[f"{prefix}_letters"].astype(np.float64), file["vector"].astype(np.float64), *numbers)


@cache
def weights_embedders() -> tuple[str, ...]:
    """The digests of the embedders whose vectors, side by side, the weights were fitted on."""
    with np.load(WEIGHTS) as file:
        return tuple(map(str, file["embedders"]))
