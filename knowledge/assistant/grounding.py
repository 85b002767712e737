"""Is every sentence of an answer held up by the passage it cites? Rules only: no second model, no network."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from . import words
from .hygiene import gives_orders, plain, source_text
from .prompts import REFUSAL
from .records import Passage, Sentence

# The share of a sentence's words that its passages must have, and the share under which it isn't even shown.
SUPPORT_FLOOR = 0.6
SHOWN_FLOOR = 0.35
REASONS = ("uncited", "figures", "command", "opposed", "overlap", "orders")
SHOWN_REASONS = frozenset({"overlap"})
_MARKERS = re.compile(r"\s*\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]")
_LATE_MARKERS = re.compile(r"(?<![.!?…])([.!?…]+)((?:\s*\[\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\])+)")
MAX_ANSWER_CHARACTERS = 8000


@dataclass(frozen=True)
class Grounding:
    """`groundedness` is the share of supported sentences, 0 for none. `text` holds the shown ones and their markers."""

    text: str
    sentences: tuple[Sentence, ...]
    groundedness: float
    citations: list[int]
    is_refusal: bool = False


def check_answer(answer: str, passages: Sequence[Passage], *, is_complete: bool = True) -> Grounding:
    """Check an answer with markers [n] against the passages that were in its prompt.

    `is_complete` False (cut at the token limit) leaves the last sentence out, which may lack its end or its marker.
    """
    if REFUSAL in answer:
        return Grounding("", (), 0.0, [], is_refusal=True)
    numbered = {passage.n: passage for passage in passages}
    found = split_answer(answer[:MAX_ANSWER_CHARACTERS])
    found = found if is_complete else found[:-1]
    return summed_up([check_sentence(text, numbered, line=line) for line, text in found])


def summed_up(sentences: Sequence[Sentence]) -> Grounding:
    """The result for sentences checked one by one."""
    supported = sum(sentence.is_supported for sentence in sentences)
    shown = _merged([sentence for sentence in sentences if sentence.is_shown])
    return Grounding(
        text=rendered(shown),
        sentences=tuple(sentences),
        groundedness=supported / len(sentences) if sentences else 0.0,
        citations=list(dict.fromkeys(n for sentence in shown for n in sentence.citations)),
    )


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


def split_answer(answer: str) -> list[tuple[int, str]]:
    """(line, sentence with its markers); a marker behind a full stop belongs to the sentence before."""
    text = _LATE_MARKERS.sub(lambda found: f" {found[2].strip()}{found[1]}", plain(answer))
    lines = enumerate(words.steps(text, shortest=1))
    pairs = ((number, sentence) for number, line in lines for sentence in _cited(line))
    return [(number, sentence) for number, sentence in pairs if _MARKERS.sub("", sentence).strip(" .:;,-*")]


def _cited(line: str) -> list[str]:
    found, markers = [], ""
    for sentence in reversed(words.sentences(line)):
        own = "".join(marker[0] for marker in _MARKERS.finditer(sentence))
        markers = own or markers
        found.append(sentence if own else f"{sentence}{markers}")
    return found[::-1]


def check_sentence(marked: str, passages: Mapping[int, Passage], *, line: int = 0) -> Sentence:
    """Check one sentence. Numbers of passages that weren't in the prompt are dropped."""
    numbers = [int(n) for found in _MARKERS.findall(marked) for n in re.findall(r"\d+", found)]
    citations = tuple(dict.fromkeys(n for n in numbers if n in passages))
    text = " ".join(_MARKERS.sub("", marked).split())
    source = "\n".join(source_text(passages[n].text) for n in citations)
    reason, share = _verdict(text, source)
    is_shown = not reason or (reason in SHOWN_REASONS and share >= SHOWN_FLOOR)
    return Sentence(text, citations, line, reason, is_shown)


def _verdict(text: str, source: str) -> tuple[str, float]:
    """(reason or empty, share of the words found)."""
    if gives_orders(text):
        return "orders", 0.0
    if not source:
        return "uncited", 0.0
    if not words.figures(text) <= words.figures(source) or not words.acronyms(text) <= words.all_words(source):
        return "figures", 0.0
    folded = " ".join(words.fold(source).split())
    if any(command not in folded for command in words.commands(text)):
        return "command", 0.0
    claim = words.content_stems(text)
    share = words.overlap(claim, words.content_stems(source))
    if words.are_opposed(text, source) or _is_reversed(text, claim, source):
        return "opposed", share
    return ("" if share >= SUPPORT_FLOOR else "overlap"), share


def _is_reversed(text: str, claim: frozenset[str], source: str) -> bool:
    """Whether the nearest sentences of the source all say it with the other sign: `no abrir` for `abrir`."""
    candidates = [sentence for line in words.steps(source) for sentence in words.sentences(line)]
    shared = [len(claim & words.content_stems(sentence)) for sentence in candidates]
    nearest = [s for s, count in zip(candidates, shared, strict=True) if count and count == max(shared)]
    return bool(nearest) and all(words.is_negated(s) != words.is_negated(text) for s in nearest)


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
    """Checks an answer while it streams: what people see grows by whole, checked sentences."""

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
        return check_answer(self._answer.rpartition("\n")[0], self._passages).text

    def finish(self, *, is_complete: bool = True) -> Grounding:
        """The result for the whole answer."""
        return check_answer(self._answer, self._passages, is_complete=is_complete)
