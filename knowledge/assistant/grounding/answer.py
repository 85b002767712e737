"""An answer as people may see it: only its supported sentences, in the order of the procedure, with its safe steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .. import words
from ..prompts import REFUSAL
from ..records import Passage, Sentence
from .order import fits
from .safety import isolating_steps
from .second_look import Judge, judged
from .splitting import split_answer
from .verdict import Checked, checked, source_for

MAX_ANSWER_CHARACTERS = 8000
ORDER, SAFETY, UNSAFE = "order", "safety", "unsafe"


@dataclass(frozen=True)
class Grounding:
    """`groundedness` is the share of supported sentences, 0 for none. `text` holds the shown ones and their markers.

    `fault` says why the answer as a whole isn't shown though its sentences may be supported: ORDER (its steps are in
    another order than the passage's), SAFETY (a step that makes the work safe is left out), UNSAFE (it undoes a
    protection).
    """

    text: str
    sentences: tuple[Sentence, ...]
    groundedness: float
    citations: list[int]
    is_refusal: bool = False
    fault: str = ""


def check_answer(
    answer: str, passages: Sequence[Passage], *, is_complete: bool = True, judge: Judge | None = None
) -> Grounding:
    """Check an answer with markers [n] against the passages that were in its prompt.

    `is_complete` False (cut at the token limit) leaves the last sentence out, which may lack its end or its marker.
    `judge` is asked about what is doubted for its words alone.
    """
    if REFUSAL in answer:
        return Grounding("", (), 0.0, [], is_refusal=True)
    found = _checked(answer, passages)
    found = found if is_complete else found[:-1]
    if judge is not None:
        numbered = {passage.n: passage for passage in passages}
        found = [judged(one, numbered, judge) for one in found]
    return _summed_up(found, passages)


def _checked(answer: str, passages: Sequence[Passage]) -> list[Checked]:
    numbered = {passage.n: passage for passage in passages}
    return [checked(marked, numbered) for marked in split_answer(answer[:MAX_ANSWER_CHARACTERS])]


def _summed_up(found: Sequence[Checked], passages: Sequence[Passage]) -> Grounding:
    sentences = tuple(one.sentence for one in found)
    fault = _fault(found, passages)
    if fault or not sentences:
        return Grounding("", sentences, 0.0, [], fault=fault)
    shown = _merged([*_steps_before(found, passages), *(s for s in sentences if s.is_shown)])
    return Grounding(
        text=rendered(shown),
        sentences=sentences,
        groundedness=sum(sentence.is_supported for sentence in sentences) / len(sentences),
        citations=list(dict.fromkeys(n for sentence in shown for n in sentence.citations)),
    )


def _fault(found: Sequence[Checked], passages: Sequence[Passage]) -> str:
    if any(one.sentence.reason == UNSAFE for one in found):
        return UNSAFE
    shown = [one for one in found if one.sentence.is_shown]
    if not _is_in_order(shown):
        return ORDER
    is_procedure = len({one.sentence.line for one in shown}) > 1
    return SAFETY if is_procedure and _steps_left_out(shown, passages) else ""


def _is_in_order(shown: Sequence[Checked]) -> bool:
    """Whether the steps of each passage come in its order. A warning or a cause may stand anywhere."""
    for n in dict.fromkeys(n for one in shown for n in one.sentence.citations):
        steps = [_sentences_of(one, n) for one in shown if _is_step(one)]
        if not fits([step for step in steps if step]):
            return False
    return True


def _is_step(one: Checked) -> bool:
    return any(clause.actions and not clause.is_negated for clause in one.clauses)


def _sentences_of(one: Checked, n: int) -> list[int]:
    """The sentences of a passage in which the main clause of a sentence may stand."""
    for matches in one.places:
        places = [match for match in matches if match.source.n == n]
        if places:
            best = max(match.strength for match in places)
            return sorted({match.clause.sentence for match in places if match.strength >= best - 0.5})
    return []


def _steps_left_out(shown: Sequence[Checked], passages: Sequence[Passage]) -> list[tuple[Passage, int]]:
    """The steps that make work safe, before one that is shown, and aren't shown themselves."""
    left_out = []
    for passage in passages:
        reached = [place for one in shown for place in _sentences_of(one, passage.n) if _is_step(one)]
        needed = [step for step in isolating_steps(source_for(passage)) if step < max(reached, default=-1)]
        if needed and not any(one.is_safe_step and passage.n in one.sentence.citations for one in shown):
            left_out += [(passage, step) for step in needed]
    return left_out


def _steps_before(found: Sequence[Checked], passages: Sequence[Passage]) -> list[Sentence]:
    """The steps that make the work of an answer of one line safe, word for word."""
    left_out = _steps_left_out([one for one in found if one.sentence.is_shown], passages)
    return [
        Sentence(source_for(passage).sentences[step], (passage.n,), number - len(left_out))
        for number, (passage, step) in enumerate(left_out)
    ]


def _merged(shown: Sequence[Sentence]) -> list[Sentence]:
    """What is said again word for word, of another passage, is said once with both. A step that one passage holds twice
    is done twice."""
    kept: list[Sentence] = []
    for sentence in shown:
        words_of_it = words.fold(sentence.text)
        same = (n for n, one in enumerate(kept) if words.fold(one.text) == words_of_it)
        at = next((n for n in same if not set(kept[n].citations) & set(sentence.citations)), None)
        if at is None:
            kept.append(sentence)
        else:
            kept[at] = replace(kept[at], citations=kept[at].citations + sentence.citations)
    return kept


def rendered(sentences: Sequence[Sentence]) -> str:
    """Markdown: a numbered list when there are several lines, each sentence with its markers before its full stop."""
    lines: dict[int, list[str]] = {}
    for sentence in sentences:
        lines.setdefault(sentence.line, []).append(_with_markers(sentence))
    joined = [" ".join(parts) for parts in lines.values()]
    if len(joined) < 2:
        return "".join(joined)
    return "\n".join(f"{number}. {line}" for number, line in enumerate(joined, start=1))


def _with_markers(sentence: Sentence) -> str:
    body = sentence.text.rstrip(".")
    return f"{body} {''.join(f'[{n}]' for n in sentence.citations)}{sentence.text[len(body) :] or '.'}"


class GrowingAnswer:
    """Checks an answer while it streams: what people see grows by whole, checked lines, and never by one whose
    passage has an earlier step that isn't shown: it might still come, too late."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._answer = ""
        self._whole_lines = 0

    @property
    def answer(self) -> str:
        """All that came so far, unchecked."""
        return self._answer

    def feed(self, piece: str) -> str | None:
        """Add a piece; the checked text when another line is whole, else None."""
        self._answer += piece
        whole = self._answer.count("\n")
        if whole == self._whole_lines:
            return None
        self._whole_lines = whole
        return self._so_far(self._answer.rpartition("\n")[0])

    def _so_far(self, answer: str) -> str:
        if REFUSAL in answer:
            return ""
        shown: list[Checked] = []
        for one in _checked(answer, self._passages):
            if one.sentence.reason == UNSAFE or self._skips(shown, one):
                break
            if one.sentence.is_shown:
                shown.append(one)
        return rendered(_merged([one.sentence for one in shown]))

    def _skips(self, shown: Sequence[Checked], one: Checked) -> bool:
        if not one.sentence.is_shown or not _is_step(one):
            return False
        return not _is_in_order([*shown, one]) or any(
            self._has_step_between(passage, shown, one)
            for passage in self._passages
            if passage.n in one.sentence.citations
        )

    @staticmethod
    def _has_step_between(passage: Passage, shown: Sequence[Checked], one: Checked) -> bool:
        reached = max((place for other in shown for place in _sentences_of(other, passage.n)), default=-1)
        source = source_for(passage)
        skipped = range(reached + 1, min(_sentences_of(one, passage.n), default=0))
        return any(clause.actions and not clause.is_negated for n in skipped for clause in source.of_sentence(n))

    def finish(self, *, is_complete: bool = True, judge: Judge | None = None) -> Grounding:
        """The result for the whole answer."""
        return check_answer(self._answer, self._passages, is_complete=is_complete, judge=judge)
