"""One sentence of an answer beside the passages that it cites: supported, or why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .. import words
from ..hygiene import gives_orders, source_text
from ..records import Passage, Sentence
from .alignment import PATIENCE, Match, Source, matches_of, source_of
from .doubt import LIMIT, Signs, doubt, unmatched
from .order import fits, joined_steps, linked_pairs
from .reading import Clause, clauses_of
from .safety import defeats_protection, is_isolating
from .splitting import Marked

REASONS = (
    "uncited",
    "orders",
    "unsafe",
    "command",
    "figures",
    "codes",
    "opposed",
    "scope",
    "parts",
    "words",
    "order",
    "empty",
)


@dataclass(frozen=True)
class Checked:
    """A sentence, and where its clauses stand in the passages; `is_safe_step` when it isolates a machine itself."""

    sentence: Sentence
    clauses: tuple[Clause, ...] = ()
    places: tuple[tuple[Match, ...], ...] = ()
    is_safe_step: bool = False


def checked(marked: Marked, passages: Mapping[int, Passage]) -> Checked:
    """Check one sentence. Numbers of passages that weren't in the prompt are dropped."""
    citations = tuple(dict.fromkeys(n for n in marked.numbers if n in passages))
    cited = [passages[n] for n in citations]
    clauses = clauses_of(words.without_commands(marked.text))
    reason = _early_reason(marked.text, clauses, cited)
    if reason or is_verbatim(marked.text, cited):
        places = _verbatim_places(marked.text, cited) if not reason else ()
        return _checked(marked, citations, reason, clauses, places)
    found = _matches(clauses, cited)
    reason = _reason(clauses, found) or ("words" if doubt(_signs(found)) >= LIMIT else "")
    places = tuple(tuple(_likely(matches)) for matches in found)
    return _checked(marked, citations, reason or _order_reason(clauses, places), clauses, places)


def signs_in(marked: Marked, passages: Mapping[int, Passage]) -> Signs | None:
    """The signs by which a sentence is judged; None where a rule decides."""
    cited = [passages[n] for n in marked.numbers if n in passages]
    clauses = clauses_of(words.without_commands(marked.text))
    if _early_reason(marked.text, clauses, cited) or is_verbatim(marked.text, cited):
        return None
    found = _matches(clauses, cited)
    return None if _reason(clauses, found) else _signs(found)


def _matches(clauses: Sequence[Clause], cited: Sequence[Passage]) -> list[list[Match]]:
    sources = [source_for(passage) for passage in cited]
    return [matches_of(clause, clauses, sources) for clause in clauses]


def _likely(matches: Sequence[Match]) -> list[Match]:
    """Those that contradict nothing and leave no more words without a fellow than the nearest."""
    sound = [match for match in matches if not match.fault]
    least = min((unmatched(match.signs) for match in sound), default=0)
    return [match for match in sound if unmatched(match.signs) <= least]


def _signs(found: Sequence[Sequence[Match]]) -> Signs:
    nearest = [min(sound, key=lambda match: match.distance) for matches in found if (sound := _likely(matches))]
    return sum((match.signs for match in nearest), Signs())


def _checked(
    marked: Marked,
    citations: tuple[int, ...],
    reason: str,
    clauses: tuple[Clause, ...],
    places: tuple[tuple[Match, ...], ...],
) -> Checked:
    sentence = Sentence(marked.text, citations, marked.line, reason, is_shown=not reason)
    return Checked(sentence, clauses, places, not reason and is_isolating(clauses))


def source_for(passage: Passage) -> Source:
    return source_of(passage.n, passage.article_title, source_text(passage.text))


def _early_reason(text: str, clauses: Sequence[Clause], cited: Sequence[Passage]) -> str:
    """What no wording of a passage would excuse, and what needs no reading of it."""
    if gives_orders(text):
        return "orders"
    if not cited:
        return "uncited"
    if defeats_protection(clauses):
        return "unsafe"
    folded = " ".join(words.fold(source_text(passage.text)) for passage in cited)
    if any(command not in " ".join(folded.split()) for command in words.commands(text)):
        return "command"
    return ""


def is_verbatim(text: str, cited: Sequence[Passage]) -> bool:
    """Whether a passage holds the sentence word for word, from one sentence's beginning to one's end."""
    said = _flat(text)
    return any(said in {_flat(sentence) for sentence in source_for(passage).sentences} for passage in cited)


def _verbatim_places(text: str, cited: Sequence[Passage]) -> tuple[tuple[Match, ...], ...]:
    said = _flat(text)
    sources = [source_for(passage) for passage in cited]
    places = [
        Match(source, clause, "", 1.0)
        for source in sources
        for number, sentence in enumerate(source.sentences)
        if _flat(sentence) == said
        for clause in source.of_sentence(number)[:1]
    ]
    return (tuple(places),)


def _flat(text: str) -> str:
    return " ".join(words.fold(text).strip(" .;:").split())


def _reason(clauses: Sequence[Clause], found: Sequence[Sequence[Match]]) -> str:
    if not any(clause.terms or clause.quantities or clause.codes for clause in clauses):
        return "empty"
    for clause, matches in zip(clauses, found, strict=True):
        if not matches and _only_waits(clause):
            continue
        if not matches:
            return "words"
        if all(match.fault for match in matches):
            return matches[0].fault
    return ""


def _only_waits(clause: Clause) -> bool:
    """`leave it` of «leave it until it is dry»."""
    is_bare = not clause.quantities and not clause.codes
    return is_bare and bool(clause.terms) and all(term.concepts & PATIENCE for term in clause.terms)


def _order_reason(clauses: Sequence[Clause], places: Sequence[Sequence[Match]]) -> str:
    """`A antes de B` stands where A comes first, a cause where it is one."""
    by_clause = dict(zip(clauses, places, strict=False))
    for earlier, later in linked_pairs(clauses):
        pairs = [
            (one, other)
            for one in by_clause.get(earlier, ())
            for other in by_clause.get(later, ())
            if one.source.n == other.source.n
        ]
        if pairs and not any(one.time <= other.time for one, other in pairs):
            return "order"
    steps = [[place.clause.sentence for place in by_clause.get(clause, ())] for clause in joined_steps(clauses)]
    return "" if fits([step for step in steps if step]) else "order"
