"""Which doubts of the check somebody else may overrule: soft ones, about words that the passage doesn't have.

A number, code, negation, opposite or safety step is never a matter of opinion: a sentence that has anything of the kind
against it keeps its doubt, whoever is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ..records import Passage, Sentence
from .alignment import Source, matches_of
from .lexicon import opposites
from .reading import Clause, clauses_of
from .safety import isolating_steps
from .verdict import Checked, source_for

SOFT = "words"
# Says whether the passages hold up a sentence.
Judge = Callable[[str, Sequence[Passage]], bool]


def judged(one: Checked, passages: Mapping[int, Passage], judge: Judge) -> Checked:
    """The sentence as supported where its doubt is soft and `judge` says so; else as it was."""
    cited = [passages[n] for n in one.sentence.citations]
    if not is_soft(one.sentence, cited) or not judge(one.sentence.text, cited):
        return one
    return replace(one, sentence=replace(one.sentence, reason="", is_shown=True))


def is_soft(sentence: Sentence, cited: Sequence[Passage]) -> bool:
    """Whether nothing but words speaks against a sentence, each of whose clauses shares some with a passage."""
    if sentence.reason != SOFT or not cited:
        return False
    sources, clauses = [source_for(passage) for passage in cited], clauses_of(sentence.text)
    if any(isolating_steps(source) for source in sources) or any(_says_no(clause) for clause in clauses):
        return False
    found = [matches_of(clause, clauses, sources) for clause in clauses]
    faults = {match.fault for matches in found for match in matches}
    return all(found) and faults <= {"", SOFT} and all(_stands(clause, sources) for clause in clauses)


def _says_no(clause: Clause) -> bool:
    return clause.is_negated or any(term.is_without for term in clause.terms)


def _stands(clause: Clause, sources: Sequence[Source]) -> bool:
    """Whether its numbers and codes are in the passages, and the opposite of none of its words is there alone."""
    known = [other for source in sources for other in (*source.clauses, *source.title)]
    codes = {code for other in known for code in other.codes}
    concepts = {concept for other in known for term in other.terms for concept in term.concepts}
    quantities = [quantity for other in known for quantity in other.quantities]
    return (
        set(clause.codes) <= codes
        and all(any(mine.is_same(theirs) for theirs in quantities) for mine in clause.quantities)
        and not any(
            not term.concepts & concepts and any(opposites().get(one, frozenset()) & concepts for one in term.concepts)
            for term in clause.terms
        )
    )
