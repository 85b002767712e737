"""Work stays safe: what undoes a protection is refused whoever wrote it, what isolates a machine isn't left out."""

from collections.abc import Sequence
from functools import cache

from .alignment import Source
from .lexicon import WordList, listed
from .reading import Clause, Term

Names = frozenset[str]
# What is done to what, by the keys of the list.
_PAIRS = (
    ("isolating_acts", "energy"),
    ("unplugging_acts", "machines"),
    ("releasing_acts", "pressure"),
    ("closing_acts", "fluids"),
)


@cache
def _names(key: str) -> Names:
    return frozenset(listed("safety")[key].split())


@cache
def _isolating_words() -> WordList:
    return WordList((form, "isolating") for form in listed("safety")["isolating_words"].split())


def defeats_protection(clauses: Sequence[Clause]) -> bool:
    """Whether a sentence tells to remove a guard, bridge an interlock, or work on what is live or moving."""
    return any(_defeats(clause) for clause in clauses) or _works_unsafely(clauses)


def _defeats(clause: Clause) -> bool:
    if _lacks_isolation(clause):
        return True
    acts = [term for term in clause.terms if term.is_without == clause.is_negated]
    if _some(acts, "defeating_acts"):
        return _some(clause.terms, "protections") or _some(clause.terms, "bypassable")
    return _some(acts, "removing_acts") and _some(clause.terms, "removable")


def _lacks_isolation(clause: Clause) -> bool:
    """`sin bloquear`, `no es necesario desenergizar`; «no quitar el candado» keeps it."""
    if any(
        term.is_without and (term.concepts & _names("isolating_acts") or _isolates([term])) for term in clause.terms
    ):
        return _isolates(clause.terms)
    others = [term for term in clause.actions if not _isolates([term])]
    return clause.is_negated and not others and _isolates(clause.terms)


def _works_unsafely(clauses: Sequence[Clause]) -> bool:
    terms = [term for clause in clauses if not clause.is_negated for term in clause.terms]
    is_hands_on = _some(terms, "touching_acts")
    is_live = any(term.concepts & _names("live") and not term.is_action for term in terms)
    is_moving = any(term.concepts & _names("running") for term in terms)
    return (is_live and is_hands_on) or (is_moving and _some(terms, "moving_touch"))


def _some(terms: Sequence[Term], key: str) -> bool:
    return any(term.concepts & _names(key) for term in terms)


def _isolates(terms: Sequence[Term]) -> bool:
    words = [word for term in terms for word in term.text.split()]
    known = _isolating_words()
    if any(known.of(word) or known.phrase_at(words, at)[0] for at, word in enumerate(words)):
        return True
    return any(_some(terms, acts) and _some(terms, what) for acts, what in _PAIRS) and not _some(terms, "not_energy")


def is_isolating(clauses: Sequence[Clause]) -> bool:
    """Whether a sentence locks out, cuts the power or relieves the pressure."""
    told = [clause for clause in clauses if not clause.is_negated and clause.condition not in ("if", "unless")]
    return any(_isolates(clause.terms) or _empties(clause) for clause in told)


def _empties(clause: Clause) -> bool:
    """`dejar que la presión baje a cero`."""
    return _some(clause.terms, "pressure") and any(quantity.values == (0.0,) for quantity in clause.quantities)


def isolating_steps(source: Source) -> list[int]:
    """The numbers of a passage's sentences that make work safe."""
    numbers = dict.fromkeys(clause.sentence for clause in source.clauses)
    return [number for number in numbers if is_isolating(source.of_sentence(number))]
