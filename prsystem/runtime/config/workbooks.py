"""The first sheet of an XLSX workbook as texts. Runs confined: a small file can unpack into millions of cells.

Nothing of Django is imported.
"""

from typing import Any

from openpyxl import load_workbook


def lines_of(path: str, most_rows: str, most_columns: str) -> list[list[str]]:
    """Its lines, header first, one row and one column more than may be at most, so that too many can be told."""
    book = load_workbook(path, read_only=True, data_only=True)
    found = book.worksheets[0].iter_rows(values_only=True, max_row=int(most_rows) + 2, max_col=int(most_columns) + 1)
    return [_trimmed([_text(cell) for cell in line]) for line in found]


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "sí" if value else "no"
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
