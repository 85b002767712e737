"""What people said of an article moves it among its neighbours. Pure.

The shift is SHIFT x (helped - did not) / (votes + DOUBT): a Beta(DOUBT/2, DOUBT/2) belief that an article of which
little is said is as useful as any other. It stays below SHIFT, on a score from 0 to 1, so that a match that is
clearly better (by 2 x SHIFT) is never overtaken, and without votes nothing moves. Measured in `docs/recuperacion.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .fusion import RankedHit, order_of

SHIFT = 0.03
DOUBT = 6.0


@dataclass(frozen=True)
class Votes:
    """What counts for an article: `helped` and `failed` are weighted, `people` and `pleased` are heads."""

    helped: float
    failed: float
    people: int
    pleased: int

    @property
    def shift(self) -> float:
        """What is added to the score, between -SHIFT and SHIFT."""
        return SHIFT * (self.helped - self.failed) / (self.helped + self.failed + DOUBT)


def reordered(ranked: Sequence[RankedHit], votes: Mapping[int, Votes]) -> list[RankedHit]:
    """The ranking with every score shifted by its article's votes, best first; the same one when nobody voted."""
    moved = [replace(hit, score=hit.score + votes[hit.id].shift) if hit.id in votes else hit for hit in ranked]
    return sorted(moved, key=order_of)
