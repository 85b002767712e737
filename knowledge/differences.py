"""What changed between two texts, line by line and word by word, as far as the steps of a page reach. Pure."""

import re
from dataclasses import dataclass
from threading import Lock

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from prsystem.core.bounds.differences import Opcode, Steps, TooDifferent, ends_alone, opcodes

CONTEXT = 3
# One comparison at a time in a process: ten at once would leave the other threads a tenth of the interpreter.
_TURN = Lock()


@dataclass(frozen=True)
class Line:
    """`kind`: same, add, del or skip (lines left out)."""

    kind: str
    html: SafeString
    skipped: int = 0


def compare(old: str, new: str, steps: Steps | None = None) -> list[Line]:
    """Lines of both texts with what was taken away and added; long unchanged runs are left out.

    `steps` is shared by what one page compares. Where they are used up, the texts follow each other whole, without
    marks for words.
    """
    with _TURN:
        return _compared(old, new, steps or Steps())


def _compared(old: str, new: str, steps: Steps) -> list[Line]:
    before, after = old.split("\n") if old else [], new.split("\n") if new else []
    lines: list[Line] = []
    for tag, i1, i2, j1, j2 in _line_opcodes(before, after, steps):
        if tag == "equal":
            lines += _unchanged(before[i1:i2], is_first=i1 == 0, is_last=i2 == len(before) and j2 == len(after))
        else:
            lines += _changed(before[i1:i2], after[j1:j2], steps)
    return lines


def _line_opcodes(before: list[str], after: list[str], steps: Steps) -> list[Opcode]:
    try:
        return opcodes(before, after, steps)
    except TooDifferent:
        return ends_alone(before, after)


def _unchanged(lines: list[str], *, is_first: bool, is_last: bool) -> list[Line]:
    head = 0 if is_first else CONTEXT
    tail = 0 if is_last else CONTEXT
    if len(lines) <= head + tail + 1:
        return [Line("same", escape(line)) for line in lines]
    kept_end = lines[len(lines) - tail :] if tail else []
    return [
        *(Line("same", escape(line)) for line in lines[:head]),
        Line("skip", escape(""), skipped=len(lines) - head - tail),
        *(Line("same", escape(line)) for line in kept_end),
    ]


def _changed(old: list[str], new: list[str], steps: Steps) -> list[Line]:
    removed, added = list(map(escape, old)), list(map(escape, new))
    if old and new:
        try:
            removed, added = _words("\n".join(old), "\n".join(new), steps)
        except TooDifferent:
            steps.left = 0  # the same for the rest of the page: no part of it looks more alike than it is
    return [Line("del", html) for html in removed] + [Line("add", html) for html in added]


def _words(old: str, new: str, steps: Steps) -> tuple[list[SafeString], list[SafeString]]:
    """Both sides with the words that differ marked, split into lines again."""
    before, after = re.findall(r"\n|[^\S\n]+|\w+|[^\w\s]", old), re.findall(r"\n|[^\S\n]+|\w+|[^\w\s]", new)
    left: list[str] = []
    right: list[str] = []
    for tag, i1, i2, j1, j2 in opcodes(before, after, steps):
        if tag == "equal":
            left.append(escape("".join(before[i1:i2])))
            right.append(escape("".join(after[j1:j2])))
            continue
        left.append(_marked("del", "".join(before[i1:i2])))
        right.append(_marked("ins", "".join(after[j1:j2])))
    return _lines(left), _lines(right)


def _marked(tag: str, text: str) -> str:
    """Each line marked for itself, so that splitting at line ends never cuts a tag."""
    return "\n".join(f"<{tag}>{escape(part)}</{tag}>" if part else "" for part in text.split("\n"))


def _lines(parts: list[str]) -> list[SafeString]:
    return [mark_safe(line) for line in "".join(parts).split("\n")]  # noqa: S308 -- escaped above
