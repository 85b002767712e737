"""What a manual is cut into: a page, or what stands under a heading. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from .tables import Table

PART_CHARACTERS = 1400  # as much of a passage as goes into a prompt
HEADING_CHARACTERS = 60
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}
_OF_TABLES = {"table", "tr", "td", "th"}
_BLOCKS = {"p", "div", "li", "pre", "blockquote", "h5", "h6", "dt", "dd", "section", "article", "caption"}
_LINE_END = re.compile(r"[.:;!?)\]]$")
_PIECE = re.compile(r" \(\d+\)$")
_STARTS_ITEM = re.compile(r"^(?:[-*•·▪–]|\(?\d{1,3}[.)]|[a-z]\))\s")


@dataclass(frozen=True)
class Part:
    """`anchor` names it within the manual: `p-12`, or its heading's words. `label` is what people read."""

    anchor: str
    label: str
    page: int | None
    text: str


def page_parts(pages: Sequence[str], sections: Sequence[str] = ()) -> list[Part]:
    """One part per page that has text, numbered as the file counts them, labelled by the headings it stands under."""
    labels = [f"p. {n}" for n in range(1, len(pages) + 1)]
    if sections:
        labels = [f"{label} · {section}" if section else label for label, section in zip(labels, sections, strict=True)]
    return [
        Part(f"p-{number}" if n == 0 else f"p-{number}-{n + 1}", labels[number - 1], number, piece)
        for number, text in enumerate(pages, start=1)
        for n, piece in enumerate(pieces(joined_lines(text)))
    ]


def place_of_label(label: str) -> str:
    """The heading that a part stands under, whichever piece of its text it is."""
    return _PIECE.sub("", label)


def headings_above(begun: Sequence[Sequence[tuple[int, str]]]) -> list[str]:
    """For each page «chapter › section», of the headings (level, words) that begin on it and before."""
    path: dict[int, str] = {}
    labels = []
    for headings in begun:
        first = dict(path)
        for number, (level, words) in enumerate(headings):
            path = {known: text for known, text in path.items() if known < level} | {level: words}
            first = dict(path) if number == 0 else first
        shown = [first[level] for level in sorted(first)]
        labels.append(" › ".join(dict.fromkeys(text[:HEADING_CHARACTERS] for text in (shown[:1] + shown[-1:]))))
    return labels


def heading_parts(html: str) -> list[Part]:
    """What stands under each heading of cleaned HTML, labelled by it and the one above it."""
    reader = _Sections()
    reader.feed(html)
    reader.close()
    parts: list[Part] = []
    anchors = _Anchors()
    for path, text in reader.sections():
        base = _slug(path[-1]) if path else "inicio"
        for n, piece in enumerate(pieces(text)):
            anchor = anchors.next(base)
            label = " › ".join(path[-2:])
            parts.append(Part(anchor, f"{label} ({n + 1})" if n else label, None, piece))
    return parts


def pieces(text: str) -> Iterator[str]:
    """The text in pieces of at most PART_CHARACTERS, cut between lines where it can be; nothing for a blank text."""
    packed: list[str] = []
    size = 0
    for line in (part for whole in text.splitlines() for part in _short(whole.rstrip())):
        if packed and size + len(line) > PART_CHARACTERS:
            yield "\n".join(packed).strip()
            packed, size = [], 0
        packed.append(line)
        size += len(line) + 1
    if rest := "\n".join(packed).strip():
        yield rest


def _short(line: str) -> list[str]:
    """One line, or what a line that is longer than a part is cut into."""
    return [line[first : first + PART_CHARACTERS] for first in range(0, len(line), PART_CHARACTERS)] or [""]


def joined_lines(text: str) -> str:
    """Lines that a page's width has broken are put together again; items of lists and new sentences stay lines."""
    lines: list[str] = []
    for line in (raw.strip() for raw in text.splitlines()):
        before = lines[-1] if lines else ""
        if before.endswith("-") and line[:1].islower():
            lines[-1] = before[:-1] + line
        elif before and line[:1].islower() and not _LINE_END.search(before) and not _STARTS_ITEM.match(line):
            lines[-1] = f"{before} {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _slug(heading: str) -> str:
    plain = unicodedata.normalize("NFKD", heading.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "parte"


class _Anchors:
    """Free anchors: `sellos`, `sellos-2`, `sellos-3` for headings of one name."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: Counter[str] = Counter()

    def next(self, base: str) -> str:
        anchor = base
        while anchor in self._taken:
            self._last[base] = max(self._last[base], 1) + 1
            anchor = f"{base}-{self._last[base]}"
        self._taken.add(anchor)
        return anchor


class _Sections(HTMLParser):
    """Text under headings; lists become lines, and rows of tables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._sections: list[tuple[list[str], list[str]]] = [([], [])]
        self._path: dict[int, str] = {}
        self._heading: int | None = None
        self._words: list[str] = []
        self._lists: list[int | None] = []
        self._is_verbatim = False
        self._table: Table | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _OF_TABLES:
            self._start_of_table(tag)
        elif level := HEADINGS.get(tag):
            self._leave_table()
            self._end_line()
            self._heading = level
        elif tag in ("ul", "ol"):
            self._end_line()
            self._lists.append(0 if tag == "ol" else None)
        elif tag in _BLOCKS:
            self._end_line()
            self._is_verbatim = tag == "pre"
            if tag == "li":
                self._words.append(self._marker())
        elif tag == "br":
            self._end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _OF_TABLES:
            self._end_of_table(tag)
        elif tag in HEADINGS:
            self._end_heading()
        elif tag in ("ul", "ol"):
            self._end_line()
            if self._lists:
                self._lists.pop()
        elif tag in _BLOCKS:
            self._end_line()
            self._is_verbatim = False

    def handle_data(self, data: str) -> None:
        if self._is_verbatim:
            *lines, last = data.split("\n")
            for line in lines:
                self._words.append(line)
                self._end_line()
            self._words.append(last)
        else:
            self._words.append(re.sub(r"\s+", " ", data))

    def sections(self) -> Iterator[tuple[list[str], str]]:
        self._end_line()
        for path, lines in self._sections:
            yield path, "\n".join(lines)

    def _start_of_table(self, tag: str) -> None:
        if tag == "table" and self._table is None:
            self._end_line()
            self._table = Table()
        elif tag == "table" and self._table is not None:
            self._table.depth += 1
        elif self._table is None or self._table.depth > 1:
            self._end_line()
        elif tag in ("td", "th"):
            self._words, self._table.is_in_cell = [], True

    def _end_of_table(self, tag: str) -> None:
        if self._table is None or (self._table.depth > 1 and tag != "table"):
            self._end_line()
        elif tag in ("td", "th"):
            self._table.end_cell(self._words, is_header=tag == "th")
            self._words = []
        elif tag == "tr":
            self._add(self._table.end_row())
        else:
            self._table.depth -= 1
            if not self._table.depth:
                self._table = None

    def _leave_table(self) -> None:
        """A heading within a table: the table only lays out the page. What was read of its row is kept."""
        if self._table is not None:
            self._add([line for cell in self._table.cells for line in cell.split("\n")])
            words, self._words, self._table = "".join(self._words), [], None
            self._add(words.split("\n"))

    def _add(self, lines: Sequence[str], *, is_verbatim: bool = False) -> None:
        for line in (line.rstrip() if is_verbatim else " ".join(line.split()) for line in lines):
            if line and line != "-":
                self._sections[-1][1].append(line)

    def _marker(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "- "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def _end_heading(self) -> None:
        words = " ".join("".join(self._words).split())[:120]
        self._words = []
        level, self._heading = self._heading, None
        if level is None or not words:
            return
        self._path = {known: text for known, text in self._path.items() if known < level} | {level: words}
        self._sections.append(([self._path[known] for known in sorted(self._path)], []))

    def _end_line(self) -> None:
        if self._heading is not None:
            self._words.append(" ")
            return
        if self._table is not None and self._table.is_in_cell:
            self._words.append("\n")
            return
        line = "".join(self._words)
        self._words = []
        self._add([line], is_verbatim=self._is_verbatim)
