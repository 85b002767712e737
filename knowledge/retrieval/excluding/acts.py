"""Whether a report and an article deny contrary acts, or one denies what the other tells to happen. Pure.

«La rampa no sube» isn't «la rampa no baja», and who writes «la suelta a medio viaje» or "lifts the full load" has no
robot that «no suelta» and no truck that "will not lift". A report that denies the article's act as well is about both.
"""

import re
from collections.abc import Iterator
from itertools import islice

from ...assistant.grounding.lexicon import opposites
from ...assistant.grounding.reading import Term
from .telling import PARTLY, Part, is_one

MOST_DENIALS = 5
DENIED = re.compile(
    r"\b(?:no|ni|nunca|tampoco|not|never|cannot|\w+n['’]t|dont|doesnt|wont|cant)"
    r"(?: (?:quieren?|pueden?|puedo|podemos|logra|deja|la|lo|se|me|le|nos|las|los|les|want to|ever)){0,3} "
)
_ASKED = re.compile(r"[?¿]")
# Before a word that is a verb as well as a noun: «la suelta», «sí carga», at the beginning of what is told.
_AS_VERB = re.compile(r"(?:^|\b(?:si|se|lo|los|la|las|le|les|y)\s)$")
_HALF = re.compile(r"\b(?:casi|apenas|poco|lent\w+|tard\w+|a ratos|a jalones|barely|slowly|hardly|only|solo|para|to)\b")


def acts_denied(part: Part) -> Iterator[Term]:
    """The verbs directly behind a `no`."""
    for denied in islice(DENIED.finditer(part.said), MOST_DENIALS):
        yield from (term for term in part.terms if part.said.startswith(term.text, denied.end()))


def is_contrary_act(told: tuple[Part, ...], named: tuple[Part, ...]) -> bool:
    refused = [act for title in named for act in acts_denied(title)]
    if not refused:
        return False
    denied = [act for part in told for act in acts_denied(part)]
    if any(is_one(mine, act) for mine in denied for act in refused):
        return False
    if any(_are_contrary(mine, act) for mine in denied for act in refused):
        return True
    return any(_happens(act, subject, part) for act, subject in _with_subjects(named) for part in told)


def _with_subjects(named: tuple[Part, ...]) -> Iterator[tuple[Term, Term | None]]:
    for title in named:
        for act in acts_denied(title):
            before = [term for term in title.terms if title.said.find(term.text) < title.said.find(act.text)]
            yield act, before[-1] if before else None


def _are_contrary(one: Term, other: Term) -> bool:
    return any(opposites().get(concept, frozenset()) & other.concepts for concept in one.concepts)


def _happens(act: Term, subject: Term | None, part: Part) -> bool:
    """Whether the part tells that the act is done, whole and always."""
    if part.is_negated or PARTLY.search(part.said) or _HALF.search(part.said) or _ASKED.search(part.raw):
        return False
    return any(_is_form_of(term, act, subject, part) for term in part.terms)


def _is_form_of(term: Term, act: Term, subject: Term | None, part: Part) -> bool:
    if term.text in (f"{act.text}s", f"{act.text}es"):
        return True
    before = part.said.partition(term.text)[0]
    if term.text != act.text:
        return False
    return _AS_VERB.search(before) is not None or (subject is not None and before.endswith(f"{subject.text} "))
