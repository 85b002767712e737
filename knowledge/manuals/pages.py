"""Pages of a document as a reader of it sees them: without running heads and feet, contents and indexes. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise

NEAR_PAGES, TIMES = 4, 3  # a running head stands on so many pages that are so near to each other
EDGE_LINES = 2  # at the top and at the bottom
LISTED_SHARE, LISTED_LEAST = 0.6, 5  # of the lines of a contents page
PLAIN_LEAST = 12  # where no leaders tell that it is one
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"})
# Letters set as an accent and a letter, as TeX does where its font has no accented ones: ´o, ´ı, ˜n.
_ACCENTS = {"´": "\u0301", "¨": "\u0308", "˜": "\u0303", "ˆ": "\u0302", "ˇ": "\u030c", "˚": "\u030a"}
_SET_APART = re.compile(rf"([{''.join(_ACCENTS)}])([^\W\d_])")
_ARTEFACTS = str.maketrans({"\x02": "", "\u00ad": "", "\ufffe": "", "\ufeff": "", "\u00a0": " ", "\r": ""})
_LEADER = re.compile(r"(?:\. ?){4,}|…{2,}|_{5,}|·{4,}")
_LISTED = re.compile(r"(?:[\s.…·,]|^)(\d{1,4}|[ivxlc]{1,7})$")
_NUMBERS = re.compile(r"\b[0-9]{1,4}\b")


def readable(text: str) -> str:
    """The text with whole letters: no ligatures, no accents set apart, no soft hyphens."""
    plain = text.translate(_ARTEFACTS).translate(LIGATURES)
    return unicodedata.normalize("NFC", _SET_APART.sub(_composed, plain))


def _composed(match: re.Match[str]) -> str:
    letter = {"ı": "i", "ȷ": "j"}.get(match[2], match[2])
    whole = unicodedata.normalize("NFC", letter + _ACCENTS[match[1]])
    return whole if len(whole) == 1 else match[0]


def knowledge_pages(pages: Sequence[str]) -> list[str]:
    """The pages' own text; empty for those that only say where something stands."""
    texts = without_running_lines([readable(page) for page in pages])
    return ["" if is_listing(text, len(texts)) else text for text in texts]


def without_running_lines(pages: Sequence[str]) -> list[str]:
    """What stands at the edge of several neighbouring pages, but for the page number, belongs to none of them."""
    lines = [[line for line in page.splitlines() if line.strip()] for page in pages]
    for _line in range(EDGE_LINES):
        for edge in (0, -1):
            _drop_running(lines, edge)
    return ["\n".join(page) for page in lines]


def _drop_running(pages: list[list[str]], edge: int) -> None:
    shapes = [_shapes(page[edge], n) if page else set() for n, page in enumerate(pages)]
    for n in [n for n in range(len(shapes)) if _is_running(shapes, n)]:
        pages[n].pop(edge)


def _is_running(shapes: Sequence[set[str]], n: int) -> bool:
    around = Counter(chain.from_iterable(shapes[max(0, n - NEAR_PAGES) : n + NEAR_PAGES + 1]))
    return any(around[shape] >= TIMES for shape in shapes[n])


def _shapes(line: str, page: int) -> set[str]:
    """The line, and the line with one of its numbers counted from that of the page: values of a table don't go on as
    numbers of pages do."""
    plain = " ".join(line.split()).casefold()
    counted = {
        f"{plain[: found.start()]}#{int(found[0]) - page}{plain[found.end() :]}" for found in _NUMBERS.finditer(plain)
    }
    return {plain} | counted


def is_listing(text: str, count: int) -> bool:
    """Whether it is a page of contents or of an index, in a document of `count` pages: its lines end in numbers of
    pages, after leaders, or in an order that nothing else has."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    ends = [match[1] for line in lines if (match := _LISTED.search(line))]
    if len(ends) < max(LISTED_LEAST, LISTED_SHARE * len(lines)):
        return False
    if 2 * sum(bool(_LEADER.search(line)) for line in lines) >= len(lines):
        return True
    numbers = [int(end) for end in ends if end.isdecimal()]
    return len(numbers) >= PLAIN_LEAST and max(numbers) <= count + 50 and _counts_on(numbers)


def _counts_on(numbers: Sequence[int]) -> bool:
    """Whether numbers go up as those of a table of contents do."""
    steps = [after - before for before, after in pairwise(numbers)]
    rising = sum(step >= 0 for step in steps)
    return rising >= 0.9 * len(steps) and 0 < numbers[-1] - numbers[0] <= 8 * len(steps)
