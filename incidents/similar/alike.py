"""How alike reports are, of one pool: words weighed by how rare they are there, beside the meaning. Pure.

The score is how many standard deviations a report's vector is nearer than the pool's mean, plus WORDS times the cosine
of the weighted words, plus MACHINE where both name the same machine. Weights and floor: measured on the demo's
rewordings (`docs/recuperacion.md`).
"""

import math
from collections import Counter
from collections.abc import Mapping

from knowledge.retrieval.names import agreement_of, named_in

from .words import words_of

WORDS, MACHINE = 10.0, 2.0
# Of pools of 10, 30 and 60 reports the floor that shows something to one in eight of those that have no double there.
FLOOR, RISE = 4.0, 1.6
MEASURED = 62  # reports in the pool that FLOOR was chosen on
LEAST_POOL = 8  # fewer say nothing of how far from the others a likeness stands
# What is this much less alike than the best one isn't offered beside it.
SPREAD = 1.5


def combined(text: str, pool: Mapping[int, str], meaning: Mapping[int, float]) -> dict[int, float]:
    """Scores of the pool's reports by their ids; by words alone where there is no meaning."""
    words = {pk: words_of(other) for pk, other in pool.items()}
    counts = Counter(word for found in words.values() for word in found)
    rarity = {word: math.log((len(pool) + 1) / (count + 0.5)) ** 2 for word, count in counts.items()}
    unknown = math.log(2.0 * (len(pool) + 1)) ** 2
    asked, named = words_of(text), named_in(text)
    length = math.sqrt(sum(rarity.get(word, unknown) for word in asked)) or 1.0
    scores = {}
    for pk, found in words.items():
        own = math.sqrt(sum(rarity[word] for word in found)) or 1.0
        shared = sum(rarity[word] for word in asked & found) / (length * own)
        machine = MACHINE if named and agreement_of(named, named_in(pool[pk])).shared_machines else 0.0
        scores[pk] = meaning.get(pk, 0.0) + WORDS * shared + machine
    return scores


def floor_of(count: int) -> float:
    """What a report must reach in a pool of so many. Of more of them the best stands further out by chance, about the
    root of 2 ln n deviations: in a small pool less is noise."""
    return FLOOR + RISE * (_by_chance(max(count, LEAST_POOL)) - _by_chance(MEASURED))


def _by_chance(count: int) -> float:
    return math.sqrt(2 * math.log(count))


def standing(scores: Mapping[int, float], limit: int) -> list[tuple[int, float]]:
    """The best ones above the floor, not far below the very best."""
    floor = floor_of(len(scores))
    best = sorted(((pk, score) for pk, score in scores.items() if score >= floor), key=lambda row: (-row[1], row[0]))
    return [row for row in best[:limit] if row[1] >= best[0][1] - SPREAD]
