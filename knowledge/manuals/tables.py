"""A table as lines, one for each row, that say what each of its values is. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

LAYOUT_CHARACTERS = 300  # a cell with more is a column of text, not a value
HEADER_CHARACTERS, LEAST_COLUMNS = 40, 3


@dataclass
class Table:
    """A table while it is read, row by row; `depth` counts the tables within, whose cells are text of this one's."""

    depth: int = 1
    headers: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    are_headers: list[bool] = field(default_factory=list)
    is_in_cell: bool = False
    rows: int = 0

    def end_cell(self, words: Sequence[str], *, is_header: bool) -> None:
        self.cells.append("".join(words))
        self.are_headers.append(is_header)
        self.is_in_cell = False

    def end_row(self) -> list[str]:
        """The lines of the row: one, with the headers' words before its values; its cells' own lines in a table that
        only lays out text."""
        cells, is_marked = self.cells, bool(self.cells) and all(self.are_headers)
        self.cells, self.are_headers = [], []
        if len(cells) == 1 or (not self.headers and any(len(cell) > LAYOUT_CHARACTERS for cell in cells)):
            return [line for cell in cells for line in cell.split("\n")]
        values = [" ".join(cell.split()) for cell in cells]
        if not self.rows and (is_marked or _look_like_headers(values)):
            self.headers = values
        elif len(values) == len(self.headers):
            values = [_said(*pair) for pair in zip(self.headers, values, strict=True)]
        self.rows += 1
        return [" | ".join(value for value in values if value)]


def _look_like_headers(values: Sequence[str]) -> bool:
    """Word's tables seldom mark them: three or more short words without a number, each another. Of two columns the
    first row may be a name and its value."""
    are_names = all(value and len(value) <= HEADER_CHARACTERS and not re.search(r"\d", value) for value in values)
    return are_names and len(set(values)) == len(values) >= LEAST_COLUMNS


def _said(header: str, value: str) -> str:
    return f"{header}: {value}" if header and value else value
