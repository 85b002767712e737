"""Fits what `meaning.py` knows of danger, and writes it beside the code.

    python -m incidents.emergencies.make_weights [FILE]

FILE holds {"text", "emergency"} by line. The limits are where FALSE_ALARMS of the harmless wordings are taken for
danger when each tenth of the file is judged by weights that were fitted on the other nine. Neighbouring lines stay
together: many are a danger and its harmless double.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from integrations.embedder.model import DEFAULT_MODEL, SECOND_MODEL, load_model
from knowledge.retrieval.language import detect_language

from .meaning import WEIGHTS, letters_of

WORDINGS = Path(__file__).with_name("wordings.jsonl")
FALSE_ALARMS = 0.08
TEXTS_AT_ONCE = 32
FOLDS, NEIGHBOURS = GroupKFold(10), 10


def regression() -> LogisticRegression:
    return LogisticRegression(C=10, class_weight="balanced", max_iter=5000)


def fitted(features: csr_matrix, is_danger: np.ndarray) -> tuple[np.ndarray, float, float, float]:
    """Weights, offset, limit, and the share of the dangers that reach it in the parts left out."""
    groups = np.arange(len(is_danger)) // NEIGHBOURS
    judged = cross_val_predict(regression(), features, is_danger, groups=groups, cv=FOLDS, method="decision_function")
    limit = float(np.quantile(judged[~is_danger], 1 - FALSE_ALARMS))
    model = regression().fit(features, is_danger)
    return model.coef_[0], float(model.intercept_[0]), limit, float((judged[is_danger] >= limit).mean())


def embedded(texts: list[str], embed: Callable[..., np.ndarray]) -> np.ndarray:
    parts = [texts[at : at + TEXTS_AT_ONCE] for at in range(0, len(texts), TEXTS_AT_ONCE)]
    return np.vstack([embed(part, "query", [detect_language(text) for text in part]) for part in parts])


def main() -> None:
    parser = argparse.ArgumentParser(description="Weights that tell danger by meaning")
    parser.add_argument("file", nargs="?", type=Path, default=WORDINGS)
    rows = [json.loads(line) for line in parser.parse_args().file.read_text(encoding="utf-8").splitlines()]
    texts, is_danger = [row["text"] for row in rows], np.array([row["emergency"] for row in rows])
    models = [load_model(DEFAULT_MODEL), load_model(SECOND_MODEL)]
    letters, vectors = letters_of(texts), np.hstack([embedded(texts, model.embed) for model in models])
    both, *both_told = fitted(hstack([letters, csr_matrix(vectors)]).tocsr(), is_danger)
    alone, *alone_told = fitted(letters, is_danger)
    np.savez_compressed(
        WEIGHTS,
        both_letters=both[: -vectors.shape[1]].astype(np.float16),
        vector=both[-vectors.shape[1] :].astype(np.float32),
        both_offset_limit=np.array(both_told[:2]),
        alone_letters=alone.astype(np.float16),
        alone_offset_limit=np.array(alone_told[:2]),
        embedders=np.array([model.digest for model in models]),
    )
    sys.stdout.write(
        f"{len(texts)} wordings; told of the dangers: {both_told[2]:.3f}, by words alone {alone_told[2]:.3f}\n"
    )


if __name__ == "__main__":
    main()
