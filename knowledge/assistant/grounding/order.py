"""In which order things happen: the steps of a procedure, `antes de`, `after`, and causes before their effects."""

from collections.abc import Sequence
from itertools import pairwise

from .reading import Clause

EARLIER = frozenset(("earlier", "because"))
LATER = frozenset(("later", "therefore", "then"))


def in_time(clauses: Sequence[Clause]) -> list[Clause]:
    """Clauses of one text in the order in which they happen, sentence by sentence."""
    ordered: list[Clause] = []
    for number in dict.fromkeys(clause.sentence for clause in clauses):
        ordered += _sentence_in_time([clause for clause in clauses if clause.sentence == number])
    return ordered


def _sentence_in_time(clauses: Sequence[Clause]) -> list[Clause]:
    ordered: list[Clause] = []
    waiting: list[Clause] = []
    for clause in clauses:
        if clause.link in EARLIER and ordered:
            ordered.insert(len(ordered) - 1, clause)
        elif clause.link == "later" and not ordered and not waiting:
            waiting.append(clause)
        else:
            ordered += [clause, *waiting]
            waiting = []
    return ordered + waiting


def linked_pairs(clauses: Sequence[Clause]) -> list[tuple[Clause, Clause]]:
    """(earlier, later) where the text of one sentence itself says which is which."""
    ordered = _sentence_in_time(clauses)
    return [(one, other) for one, other in pairwise(ordered) if one.link in EARLIER or other.link in LATER]


def joined_steps(clauses: Sequence[Clause]) -> list[Clause]:
    """The orders of a sentence that come one after the other: `apagar el motor y abrir la tapa`."""
    steps = [clause for clause in clauses if clause.terms and clause.terms[0].is_action]
    return [clause for clause in steps if not (clause.link or clause.condition or clause.is_negated)]


def fits(times: Sequence[Sequence[int]]) -> bool:
    """Whether each of the sets has a time that is no earlier than that of the one before."""
    floor = -1
    for choices in times:
        later = [time for time in choices if time >= floor]
        if not later:
            return False
        floor = min(later)
    return True
