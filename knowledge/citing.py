"""Where a cited passage is: found word for word in its version, addressed by field and characters. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from prsystem.core.text.cleaning import shorten

FIELDS = ("solution", "cause", "problem")
ANCHOR = "pasaje"
_ADDRESS = re.compile(r"(solution|cause|problem)-(\d{1,6})-(\d{1,6})")
_BREAKS = re.compile(r"…|\n")
_EDGE = 48
MARK_LENGTH = 8


# Ours stand behind a blank: `DB[1]` is an index of somebody's program.
MARKERS = re.compile(r"(?<=\s)(?:\[\d{1,2}\])+")


def without_markers(text: str) -> str:
    """The words of an answer alone."""
    return re.sub(rf"\s*{MARKERS.pattern}", "", text).strip()


def fragment_of(source: str, lines: Sequence[str], length: int) -> str:
    """The stretch of the source that the lines were taken from, word for word, from the first of them to the last; its
    beginning where none of them stands there. At most `length` characters, cut at a word with an ellipsis."""
    found = [span for line in lines if (span := _pattern(line.split()).search(source))]
    if not found:
        return shorten(source, length)
    start, end = min(span.start() for span in found), max(span.end() for span in found)
    begun = source.rfind("\n", 0, start) + 1  # with the number of its step before it
    start = begun if start - begun <= MARK_LENGTH else start
    return shorten(source[start:end].strip(), length)


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of a version's field."""

    field: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.field}-{self.start}-{self.end}"


def span_from(address: str) -> Span | None:
    match = _ADDRESS.fullmatch(address)
    return Span(match[1], int(match[2]), int(match[3])) if match else None


def locate(texts: dict[str, str], fragment: str) -> Span | None:
    """Where `fragment` stands in `texts` (field -> text), whatever its white space; None when it isn't there.

    A fragment of several lines, or with an ellipsis, is found by its beginning and its end: what lies between was cut.
    """
    pieces = [words for piece in _BREAKS.split(fragment) if (words := piece.split())]
    if not pieces:
        return None
    for name in FIELDS:
        if found := _search(texts.get(name, ""), pieces):
            return Span(name, *found)
    return None


def _search(text: str, pieces: list[list[str]]) -> tuple[int, int] | None:
    if whole := _pattern([word for words in pieces for word in words]).search(text):
        return whole.span()
    start = _pattern(_edge(pieces[0])).search(text)
    if start is None:
        return None
    end = _pattern(_edge(pieces[-1], from_end=True)).search(text, start.start())
    return start.start(), (end or start).end()


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words)))


def _edge(words: list[str], *, from_end: bool = False) -> list[str]:
    """The first (or last) words of a fragment, about `_EDGE` characters of them."""
    taken, length = [], 0
    for word in reversed(words) if from_end else words:
        if length >= _EDGE:
            break
        taken.append(word)
        length += len(word) + 1
    return taken[::-1] if from_end else taken


def passage_url(slug: str, number: str, texts: dict[str, str], fragment: str) -> str:
    """The address of a version with the passage marked, or of the version alone when the passage isn't found."""
    url = reverse("version_detail", args=[slug, number])
    span = locate(texts, fragment)
    return f"{url}?pasaje={span}#{ANCHOR}" if span else url
