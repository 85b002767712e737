"""What people said of an article, and what came of using it, moves it among its neighbours. Pure.

Two rules. A shift for every article: SHIFT x (helped - did not) / (votes + DOUBT), a Beta(DOUBT/2, DOUBT/2) belief that
an article of which little is said is as useful as any other. It stays below SHIFT, on a score from 0 to 1, so that a
match that is clearly better (by 2 x SHIFT) is never overtaken, and without votes nothing moves.

And a verdict: a version that enough different people found useless at cases of this kind is rejected. It then stands
below every rival and isn't likely enough to be proposed, whatever its words say. Measured in `docs/recuperacion.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from .fusion import RankedHit, order_of

SHIFT = 0.03
DOUBT = 6.0
REJECTED = 5.0  # objections of different people, or cases that came back
OUTWEIGHED = 2.0  # and so many for each that was pleased: what helps most people stays
ONE_PERSON = 4.0  # all that one person's word and reopenings count, so that nobody rejects alone
DEMOTED = 0.25  # of a score from 0 to 1: taken from a rejected one
# Of its probability, and of one that the report rules out: below what is proposed or given to a model, above what its
# cases are shown by.
CEILING = 0.2
RIVAL = 0.15  # from this probability on another hit is one that may answer as well


@dataclass(frozen=True)
class Objections:
    """Against the newest version, at cases of the kind asked about. `weight` is what counts, `pleased` what speaks for
    it; `people` and `reopened` are heads and cases, for telling."""

    weight: float = 0.0
    pleased: float = 0.0
    people: int = 0
    reopened: int = 0

    @property
    def is_rejection(self) -> bool:
        return self.weight >= max(REJECTED, OUTWEIGHED * self.pleased)


@dataclass(frozen=True)
class Reopening:
    """A case that came back after the version had solved it: who reopened it, and whether somebody else then solved it
    without that version, which is a second opinion."""

    person: int | None
    is_confirmed: bool


def objections_of(said: Mapping[int, float], reopenings: Sequence[Reopening], pleased: float = 0.0) -> Objections:
    """`said`: the weight of each person's last word against it. One person's word and unconfirmed reopenings count
    ONE_PERSON at most, a confirmed one for itself."""
    alone: dict[int | None, float] = {}
    alone.update(said.items())
    for one in reopenings:
        if not one.is_confirmed:
            alone[one.person] = alone.get(one.person, 0.0) + 1.0
    confirmed = sum(one.is_confirmed for one in reopenings)
    weight = confirmed + sum(min(ONE_PERSON, value) for value in alone.values())
    return Objections(weight, pleased, people=len(said), reopened=len(reopenings))


@dataclass(frozen=True)
class Votes:
    """What counts for an article: `helped` and `failed` are weighted, `people` and `pleased` are heads."""

    helped: float
    failed: float
    people: int
    pleased: int
    against: Objections = Objections()

    @property
    def shift(self) -> float:
        """What is added to the score, between -SHIFT and SHIFT."""
        return SHIFT * (self.helped - self.failed) / (self.helped + self.failed + DOUBT)

    @property
    def is_rejected(self) -> bool:
        return self.against.is_rejection

    @property
    def moved(self) -> float:
        """What the score is moved by: the shift, and more for a rejected one."""
        return self.shift - (DEMOTED if self.is_rejected else 0.0)

    def likely(self, probability: float) -> float:
        """How likely the article answers, given what people said."""
        return min(probability, CEILING) if self.is_rejected else probability


def reordered(ranked: Sequence[RankedHit], votes: Mapping[int, Votes]) -> list[RankedHit]:
    """The ranking with every score moved by its article's votes, best first; the same one when nobody voted."""
    moved = [replace(hit, score=hit.score + votes[hit.id].moved) if hit.id in votes else hit for hit in ranked]
    return sorted(moved, key=order_of)


class Judged(Protocol):
    """A hit with its probability after the verdict."""

    @property
    def probability(self) -> float: ...
    @property
    def is_rejected(self) -> bool: ...


H = TypeVar("H", bound=Judged)


def below_rivals(hits: Sequence[H]) -> list[H]:
    """The hits with every rejected one behind the last that may answer as well; the same when none is rejected."""
    rivals = [at for at, hit in enumerate(hits) if not hit.is_rejected and hit.probability >= RIVAL]
    last = rivals[-1] + 1 if rivals else 0
    before, after = hits[:last], hits[last:]
    kept = [hit for hit in before if not hit.is_rejected]
    return [*kept, *(hit for hit in before if hit.is_rejected), *after]
