"""Which clause of a passage says what a clause of the answer says, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from .. import words as tools
from .doubt import Signs, found, signs_of, unmatched
from .order import in_time
from .polarity import is_opposed, scope_differs
from .quantities import Quantity
from .reading import Clause, Term, clauses_of

CANDIDATES = 6
NEARNESS = 0.5
MANY = 10_000
# «la alarma E-4012» is the E-4012.
NAMED_BY_CODES = frozenset(("fault", "error", "alarm", "message"))
PATIENCE = frozenset(("wait", "let", "leave", "keep"))


@dataclass(frozen=True)
class Source:
    """A passage as it is held against: sentences of clauses, and what its title names."""

    n: int
    sentences: tuple[str, ...]
    clauses: tuple[Clause, ...]
    title: tuple[Clause, ...]

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for clause in (*self.title, *self.clauses) for term in clause.terms)

    @cached_property
    def times(self) -> dict[tuple[int, int], int]:
        """The place of each clause in the order in which things happen."""
        return {(clause.sentence, clause.at): when for when, clause in enumerate(in_time(self.clauses))}

    def of_sentence(self, number: int) -> list[Clause]:
        return [clause for clause in self.clauses if clause.sentence == number]


@lru_cache(maxsize=64)
def source_of(n: int, title: str, text: str) -> Source:
    sentences = tuple(s for line in tools.steps(text) for s in tools.sentences(line))
    clauses = tuple(clause for number, sentence in enumerate(sentences) for clause in clauses_of(sentence, number))
    return Source(n, sentences, clauses, clauses_of(title))


@dataclass(frozen=True)
class Match:
    """A clause of an answer beside one of a passage; `fault` is empty unless they contradict each other, `signs` tells
    of words without a fellow."""

    source: Source
    clause: Clause
    fault: str
    strength: float
    signs: Signs = field(default_factory=Signs)

    @property
    def distance(self) -> float:
        return unmatched(self.signs) + 0.3 * (
            self.signs["left"] / (1 + len(self.clause.terms)) + self.signs["replaced"]
        )

    @property
    def time(self) -> int:
        return self.source.times[self.clause.sentence, self.clause.at]


def matches_of(claim: Clause, whole: Sequence[Clause], sources: Sequence[Source]) -> list[Match]:
    """The likeliest clauses of the passages, likeliest first. `whole` is the sentence of the claim."""
    scored = [(_strength(claim, clause, source), source, clause) for source in sources for clause in source.clauses]
    scored.sort(key=lambda entry: -entry[0])
    if not scored or scored[0][0] <= 0:
        return []
    likely = [entry for entry in scored[:CANDIDATES] if entry[0] >= NEARNESS * scored[0][0]]
    return [_match(claim, whole, source, clause, strength) for strength, source, clause in likely]


def _match(claim: Clause, whole: Sequence[Clause], source: Source, clause: Clause, strength: float) -> Match:
    if fault := _fault(claim, whole, clause, source):
        return Match(source, clause, fault, strength)
    signs = signs_of(claim, whole, clause, source.of_sentence(clause.sentence), source.terms)
    return Match(source, clause, "", strength, signs)


def _strength(claim: Clause, clause: Clause, source: Source) -> float:
    near = [term for other in source.of_sentence(clause.sentence) if other is not clause for term in other.terms]
    return (
        sum(1.0 if found(term, clause.terms) else 0.4 if found(term, near) else 0.0 for term in claim.terms)
        + 0.8 * sum(any(mine.is_same(theirs) for theirs in clause.quantities) for mine in claim.quantities)
        + 0.8 * len(set(claim.codes) & set(clause.codes))
        - 0.02 * len(clause.terms)
        - (0.3 if claim.is_negated != clause.is_negated else 0.0)
    )


def _fault(claim: Clause, whole: Sequence[Clause], clause: Clause, source: Source) -> str:
    sentence = source.of_sentence(clause.sentence)
    return (
        _figure_fault(claim, whole, clause, sentence, source)
        or (is_opposed(claim, clause, sentence) and "opposed")
        or (scope_differs(claim, clause, sentence) and "scope")
        or (_is_turned_in_time(claim, clause) and "order")
        or _term_fault(claim, clause, sentence)
    ) or ""


def _figure_fault(
    claim: Clause, whole: Sequence[Clause], clause: Clause, sentence: Sequence[Clause], source: Source
) -> str:
    """Numbers and codes stand in the sentence; elsewhere only where the sentence has none of their kind."""
    near = [quantity for other in sentence for quantity in other.quantities]
    far = [quantity for other in (*source.clauses, *source.title) for quantity in other.quantities]
    for mine in claim.quantities:
        if any(mine.is_same(theirs) for theirs in clause.quantities):
            continue
        is_near = any(mine.is_same(theirs) for theirs in near)
        kind = clause.quantities if is_near else near
        if any(theirs.dimension == mine.dimension for theirs in kind):
            return "figures"
        if not is_near and not any(mine.is_same(theirs) and mine.unit and theirs.unit for theirs in far):
            return "figures"
    codes = {code for other in sentence for code in other.codes}
    all_codes = {code for other in (*source.clauses, *source.title) for code in other.codes}
    for code in claim.codes:
        if code not in codes and (code not in all_codes or codes - {c for other in whole for c in other.codes}):
            return "codes"
    return "figures" if _is_swapped(claim, clause) else ""


def _is_swapped(claim: Clause, clause: Clause) -> bool:
    """Whether two numbers changed places: `from 20 to 40` for `from 40 to 20`."""
    if len(claim.quantities) < 2:
        return False
    turned = [
        mine
        for mine in claim.quantities
        for other in clause.quantities
        if mine.is_same(other) and {mine.role, other.role} == {"from", "to"}
    ]
    return len(turned) > 1 or _contradicts(_bound(claim), _bound(clause))


def _bound(clause: Clause) -> list[tuple[Quantity, list[Term]]]:
    """Each quantity with the words between it and the one before; behind it where the first one leads."""
    places = [quantity.at for quantity in clause.quantities]
    if not places:
        return []
    leads = not any(term.at < places[0] and not term.is_action for term in clause.terms)
    ends = [*places[1:], MANY] if leads else places
    begins = places if leads else [-1, *places[:-1]]
    return [
        (quantity, [term for term in clause.terms if low < term.at < high])
        for quantity, low, high in zip(clause.quantities, begins, ends, strict=True)
    ]


def _contradicts(mine: list[tuple[Quantity, list[Term]]], theirs: list[tuple[Quantity, list[Term]]]) -> bool:
    for quantity, terms in mine:
        own = [term for other, known in theirs if quantity.is_same(other) for term in known]
        foreign = [term for other, known in theirs if _is_rival(quantity, other) for term in known]
        if any(not found(term, own) and found(term, foreign) for term in terms):
            return True
    return False


def _is_rival(quantity: Quantity, other: Quantity) -> bool:
    return quantity.dimension == other.dimension and not quantity.is_same(other)


def _is_turned_in_time(claim: Clause, clause: Clause) -> bool:
    return {claim.link, clause.link} == {"earlier", "later"} and not claim.condition and not clause.condition


def _term_fault(claim: Clause, clause: Clause, sentence: Sequence[Clause]) -> str:
    near = [term for other in sentence for term in other.terms]
    unmatched_there = [term for term in clause.terms if not found(term, claim.terms)]
    for term in claim.terms:
        if found(term, clause.terms) or (claim.codes and term.concepts & NAMED_BY_CODES):
            continue
        if any(found(term, other.terms) and other.is_negated for other in sentence) and not claim.is_negated:
            return "opposed"
        if term.concepts & PATIENCE and len(claim.terms) > 1:
            continue
        if found(term, near) and _is_rebound(term, claim, clause, unmatched_there):
            return "parts"
    return ""


def _is_rebound(term: Term, claim: Clause, clause: Clause, unmatched_there: Sequence[Term]) -> bool:
    """Whether a word of the same sentence was moved to where it doesn't belong: another verb's object, or its verb."""
    if term.is_action:
        return any(not found(action, claim.terms) for action in clause.actions)
    return any(other.is_thing for other in unmatched_there)
