"""The first sheet of an XLSX workbook as texts. Runs confined: a small file can unpack into millions of cells.

Nothing of Django is imported.
"""

from typing import Any

from openpyxl import load_workbook


def lines_of(path: str, most_rows: str, most_columns: str) -> list[list[str]]:
    """Its lines, header first: one more than there may be, or up to the first that is too wide."""
    book = load_workbook(path, read_only=True, data_only=True)
    found: list[list[str]] = []
    for line in book.worksheets[0].iter_rows(values_only=True, max_row=int(most_rows) + 2):
        found.append(_trimmed([_text(cell) for cell in line]))
        if len(found[-1]) > int(most_columns):
            break
    return found


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
