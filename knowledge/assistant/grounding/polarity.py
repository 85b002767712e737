"""Whether two clauses say the opposite: a `no` too many or too few, an opposite word, `all` for `some`, `only`."""

from collections.abc import Sequence

from .lexicon import opposites
from .reading import Clause, Term

MOST, LEAST = frozenset(("maximum",)), frozenset(("minimum",))
OVER, UNDER = frozenset(("exceed", "above")), frozenset(("less",))

RIDDING = frozenset(("bleed", "release", "discharge", "drain", "empty"))


def is_opposed(claim: Clause, clause: Clause, sentence: Sequence[Clause]) -> bool:
    """One reversal makes an opposite, two cancel out: `no cerrar` and `dejar abierta`."""
    if claim.quantities and (mine := _bound(claim)) and (theirs := _bound(clause)):
        return (mine != theirs) != _is_breach(claim, clause)
    reversed_words = _opposite_words(claim, clause)
    return _is_negation_turned(claim, clause) != bool(reversed_words) or len(reversed_words) > 1


def _is_breach(claim: Clause, clause: Clause) -> bool:
    """`si rebasa 5 bar` is told of what `no debe rebasar 5 bar`."""
    return claim.condition == "if" and not clause.condition and clause.is_negated


def _bound(clause: Clause) -> str:
    """Which side of a number is meant: `máximo 5 %`, `no debe pasar del 5 %` and `por debajo del 5 %` are one. The `no`
    of `no abrir por encima de 300 °C` is said of another act."""
    known = {concept for term in clause.terms for concept in term.concepts}
    is_most, is_least = bool(known & MOST), bool(known & LEAST)
    is_turned = clause.is_negated and any(
        term.concepts & (OVER | UNDER) and term.at > clause.negated_at and (term.is_action or not clause.actions)
        for term in clause.terms
    )
    if known & OVER or known & UNDER:
        is_most |= bool(known & (OVER if is_turned else UNDER))
        is_least |= bool(known & (UNDER if is_turned else OVER))
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
    acts = [pair for pair in pairs if pair[0].is_action]
    lacking = [pair for pair in pairs if not pair[0].is_action and (pair[0].is_without or pair[1].is_without)]
    if not (acts or lacking) or _is_denied_alone(claim, acts, 0) or _is_denied_alone(clause, acts, 1):
        return claim.is_negated != clause.is_negated
    # `sin permiso nadie entra` and `entrar con permiso`: both are turned.
    is_lack_turned = any(_are_turned(*pair, claim, clause) for pair in lacking) and not _rids(claim, clause)
    return any(_are_turned(*pair, claim, clause) for pair in acts) != is_lack_turned


def _rids(claim: Clause, clause: Clause) -> bool:
    """`dejar sin presión` is `purgar la presión`, or down to zero."""
    return any(
        term.concepts & RIDDING for other in (claim, clause) for term in other.actions if not term.is_without
    ) or any(quantity.values == (0.0,) for quantity in clause.quantities)


def _are_turned(mine: Term, theirs: Term, claim: Clause, clause: Clause) -> bool:
    return _is_no(mine, claim) != _is_no(theirs, clause)


def _is_no(term: Term, clause: Clause) -> bool:
    """The `no` of `no tocarla al montarla` isn't said of the second act."""
    is_said_of = not term.is_action or term == clause.denied
    return term.is_without != (clause.is_negated and is_said_of)


def _is_denied_alone(clause: Clause, pairs: Sequence[tuple[Term, Term]], side: int) -> bool:
    """Whether a `no` is said of an act that the other clause doesn't name: `no mover` beside `dejar donde está`."""
    return clause.denied is not None and not any(pair[side] == clause.denied for pair in pairs)


def scope_differs(claim: Clause, clause: Clause, sentence: Sequence[Clause]) -> bool:
    known = frozenset().union(*(other.scope for other in sentence))
    if ("only" in claim.scope) != ("only" in clause.scope):
        return "only" not in known or "only" not in claim.scope
    if "some" in claim.scope and "some" not in known:
        return True
    return "all" in claim.scope and "some" in known and "all" not in known
