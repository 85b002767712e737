"""Whether two clauses say the opposite: a `no` too many or too few, an opposite word, `all` for `some`, `only`."""

from collections.abc import Sequence

from .lexicon import opposites
from .reading import Clause, Term

MOST, LEAST = frozenset(("maximum",)), frozenset(("minimum",))
OVER, UNDER = frozenset(("exceed", "above")), frozenset(("less",))


def is_opposed(claim: Clause, clause: Clause, sentence: Sequence[Clause]) -> bool:
    """One reversal makes an opposite, two cancel out: `no cerrar` and `dejar abierta`."""
    if claim.quantities and (mine := _bound(claim)) and (theirs := _bound(clause)):
        return mine != theirs
    reversed_words = _opposite_words(claim, clause)
    return _is_negation_turned(claim, clause) != bool(reversed_words) or len(reversed_words) > 1


def _bound(clause: Clause) -> str:
    """Which side of a number is meant: `máximo 5 %`, `no debe pasar del 5 %` and `por debajo del 5 %` are one."""
    known = {concept for term in clause.terms for concept in term.concepts}
    is_most, is_least = bool(known & MOST), bool(known & LEAST)
    if known & OVER or known & UNDER:
        is_most |= bool(known & (OVER if clause.is_negated else UNDER))
        is_least |= bool(known & (UNDER if clause.is_negated else OVER))
    return "" if is_most == is_least else "most" if is_most else "least"


def _opposite_words(claim: Clause, clause: Clause) -> set[str]:
    """The words of the claim whose opposite, and not they themselves, stands in the source."""
    known = {concept for term in clause.terms for concept in term.concepts}
    turned = set()
    for term in claim.terms:
        if any(term.is_same(other) for other in clause.terms):
            continue
        if any(opposites().get(concept, frozenset()) & known for concept in term.concepts):
            turned.add(term.text)
    return turned


def _is_negation_turned(claim: Clause, clause: Clause) -> bool:
    """By what is done, and by what stands behind `sin`; by the clauses themselves where they share neither."""
    pairs = [(mine, theirs) for mine in claim.terms for theirs in clause.terms if mine.is_same(theirs)]
    telling = [pair for pair in pairs if pair[0].is_action or pair[0].is_without or pair[1].is_without]
    if not telling:
        return claim.is_negated != clause.is_negated
    return any(_is_no(mine, claim) != _is_no(theirs, clause) for mine, theirs in telling)


def _is_no(term: Term, clause: Clause) -> bool:
    return term.is_without != clause.is_negated


def scope_differs(claim: Clause, clause: Clause, sentence: Sequence[Clause]) -> bool:
    known = frozenset().union(*(other.scope for other in sentence))
    if ("only" in claim.scope) != ("only" in clause.scope):
        return "only" not in known or "only" not in claim.scope
    if "some" in claim.scope and "some" not in known:
        return True
    return "all" in claim.scope and "some" in known and "all" not in known
