"""The sentences of an answer, each with the numbers of the passages that it cites."""

import re
from dataclasses import dataclass

from .. import words
from ..hygiene import plain

_MARKERS = re.compile(r"\s*\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]")
_LATE_MARKERS = re.compile(r"(?<![.!?…])([.!?…]+)((?:\s*\[\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\])+)")
# At the beginning of a line they are its own: «[1] Parar la prensa».
_EARLY_MARKERS = re.compile(r"((?:\[\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\]\s*)+)(?:[-:–.]\s+)?(?=\S)")
# Other ways in which models write them: 【1】, 【1†fuente】, [^1].
_OTHER_MARKERS = re.compile(r"【\s*(\d{1,3})[^】\n]{0,40}】|\[\^(\d{1,3})\]:?")
_EMPHASIS = re.compile(r"\*\*|__(?=\w)|(?<=\w)__")


@dataclass(frozen=True)
class Marked:
    """A sentence of an answer without its markers; `numbers` are those it cites, `line` groups those of one step."""

    line: int
    text: str
    numbers: tuple[int, ...]


def split_answer(answer: str) -> list[Marked]:
    """A marker behind a full stop belongs to the sentence before, one at the beginning of a line to that line, and one
    alone on a line to the line before."""
    answer = _OTHER_MARKERS.sub(lambda found: f"[{found[1] or found[2]}]", answer)
    lines = _lines(words.steps(plain(_EMPHASIS.sub("", answer)), shortest=1))
    return [found for number, line in enumerate(lines) for found in _sentences(number, line)]


def _lines(given: list[str]) -> list[str]:
    lines: list[str] = []
    for line in given:
        if not _bare(line) and lines:
            lines[-1] += f" {line}"
        else:
            lines.append(_with_markers_behind(line))
    return lines


def _with_markers_behind(line: str) -> str:
    found = _EARLY_MARKERS.match(line)
    if found is None:
        return line
    rest = line[found.end() :]
    return rest if _MARKERS.search(rest) else f"{rest} {found[1].strip()}"


def _bare(sentence: str) -> str:
    return _MARKERS.sub("", sentence).strip(" .:;,-*")


def _sentences(number: int, line: str) -> list[Marked]:
    """Sentences of one line share the markers behind them."""
    found: list[Marked] = []
    markers: tuple[int, ...] = ()
    line = _LATE_MARKERS.sub(lambda late: f" {late[2].strip()}{late[1]}", line)
    for sentence in reversed(words.sentences(line)):
        own = tuple(int(n) for marker in _MARKERS.findall(sentence) for n in re.findall(r"\d+", marker))
        markers = own or markers
        if _bare(sentence):
            found.append(Marked(number, " ".join(_MARKERS.sub("", sentence).split()), markers))
    return found[::-1]
