"""How well reports are labelled: by the file's own split, or by one that is stated. Pure but for the embedder given."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from django.utils.translation import gettext as _
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold

from . import WORDS, WORDS_AND_VECTORS
from .linear import Prediction, Vectors, train

FOLDS = 5
# Above this many rows one fifth is test enough, and five trainings would take minutes.
CROSS_VALIDATED_ROWS = 5000
# With fewer examples than this, in all or in the middle label, vectors tell what words don't. Above, they cost more
# time than they bring.
FEW, FEW_OF_LABEL = 400, 12
TRAIN_NAMES = frozenset({"train", "training", "entrenamiento"})
TEST_NAMES = frozenset({"test", "prueba", "eval", "evaluacion"})

Embed = Callable[[Sequence[str]], np.ndarray]
Rows = np.ndarray


@dataclass(frozen=True)
class Example:
    """A labelled report; `split` is the file's own word for its part, empty when it has none."""

    text: str
    label: str
    split: str = ""


@dataclass(frozen=True)
class Score:
    """Over all tested rows. `split` says which those were, `method` how they were labelled (`ambos`: vectors were
    there, and used in each part where they did better within what it was learned from)."""

    macro_f1: float
    accuracy: float
    tested: int
    split: str
    method: str


def evaluate(examples: Sequence[Example], embed: Embed | None = None) -> Score:
    """Train on the training part, label the rest. ValueError when there is nothing to train or test on."""
    labels = np.array([example.label for example in examples])
    texts = [example.text for example in examples]
    split, folds = _folds(examples, labels)
    vectors = embed(texts) if embed and uses_vectors(labels[folds[0][0]]) else None
    method = WORDS if vectors is None else WORDS_AND_VECTORS
    truth, found = [], []
    for train_rows, test_rows in folds:
        predictions = _predicted(texts, labels, train_rows, test_rows, vectors)
        truth += list(labels[test_rows])
        found += [prediction.label for prediction in predictions]
    return Score(
        float(f1_score(truth, found, average="macro")), float(accuracy_score(truth, found)), len(truth), split, method
    )


def uses_vectors(labels: Sequence[str]) -> bool:
    """Whether there are so few examples that vectors beside the words do better."""
    return len(labels) < FEW or median(Counter(labels).values()) < FEW_OF_LABEL


def _predicted(
    texts: list[str], labels: np.ndarray, train_rows: Rows, test_rows: Rows, vectors: np.ndarray | None
) -> list[Prediction]:
    learned, asked = [texts[i] for i in train_rows], [texts[i] for i in test_rows]
    if vectors is None:
        return train(learned, labels[train_rows]).predict(asked)
    model = train(learned, labels[train_rows], vectors=Vectors(vectors[train_rows]))
    return model.predict(asked, vectors[test_rows])


def _folds(examples: Sequence[Example], labels: np.ndarray) -> tuple[str, list[tuple[Rows, Rows]]]:
    splits = np.array([example.split.lower() for example in examples])
    train_rows, test_rows = np.isin(splits, list(TRAIN_NAMES)), np.isin(splits, list(TEST_NAMES))
    if train_rows.any():
        rest = test_rows if test_rows.any() else ~train_rows
        if not rest.any():
            raise ValueError(_("the file has no test part"))
        return "propia del archivo", [(np.flatnonzero(train_rows), np.flatnonzero(rest))]
    counts = Counter(labels).values()
    if len(counts) < 2:
        raise ValueError(_("at least two different labels are needed"))
    if max(counts) < FOLDS:
        raise ValueError(_("at least one label with %(folds)d examples is needed") % {"folds": FOLDS})
    folds = list(_stratified(labels))
    if len(examples) > CROSS_VALIDATED_ROWS:
        return "un quinto estratificado, semilla 7", folds[:1]
    return "cinco partes estratificadas, semilla 7", folds


def _stratified(labels: np.ndarray) -> Iterator[tuple[Rows, Rows]]:
    yield from StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(labels, labels)
