"""What changed between two sequences, found in a bounded number of steps. Pure.

difflib looks at every pair of equal elements, again for each piece that it splits off: two drafts of 7,000 letters
without a paragraph in common kept a processor for 15 seconds.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

MOST_STEPS = 1_500_000  # of one page, about a third of a second of one processor

Opcode = tuple[str, int, int, int, int]


class TooDifferent(Exception):
    """The steps are used up: the two can only be shown one after the other."""


class Steps:
    """How many are left, for all that one page compares."""

    def __init__(self, left: int = MOST_STEPS) -> None:
        self.left = left

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise TooDifferent


class _Counted(dict[Any, list[int]]):
    """difflib's places by element; whoever asks for them goes through them."""

    def __init__(self, places: dict[Any, list[int]], steps: Steps) -> None:
        super().__init__(places)
        self._steps = steps

    def get(self, key: Any, default: Any = None) -> Any:
        found = super().get(key, default)
        self._steps.take(1 + len(found))
        return found


def _is_blank(text: str) -> bool:
    return not text.strip()


def opcodes(before: Sequence[str], after: Sequence[str], steps: Steps) -> list[Opcode]:
    """As difflib's `get_opcodes`; TooDifferent when that takes more steps than are left. Blanks alone make no pairs:
    between words they would be most of them."""
    matcher = SequenceMatcher(_is_blank, before, after, autojunk=False)
    steps.take(len(before) + len(after))
    matcher.b2j = _Counted(matcher.b2j, steps)  # type: ignore[attr-defined]  # the stubs leave it out
    return list(matcher.get_opcodes())


def ends_alone(before: Sequence[str], after: Sequence[str]) -> list[Opcode]:
    """What is the same at the beginning and at the end, and one change between them: never too much."""
    most = min(len(before), len(after))
    head = next((place for place in range(most) if before[place] != after[place]), most)
    most -= head
    tail = next((place for place in range(most) if before[-1 - place] != after[-1 - place]), most)
    b_end, a_end = len(before) - tail, len(after) - tail
    found: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    if head < b_end or head < a_end:
        tag = "replace" if head < b_end and head < a_end else "delete" if head < b_end else "insert"
        found.append((tag, head, b_end, head, a_end))
    return [*found, *([("equal", b_end, len(before), a_end, len(after))] if tail else [])]
