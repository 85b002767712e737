"""Sections as tables: CSV and XLSX, out and in. What a spreadsheet would take for a formula is written as text."""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from prsystem.core.bounds.confined import Broken, Limits, TooHeavy, run_confined
from prsystem.core.errors import InvalidInput
from prsystem.core.imports.tables import Row, table_open
from prsystem.core.text.cleaning import FORMULA, GUARD, formula_guarded

from .sections import Item, Section
from .values import to_text

MOST_ROWS = 5000
MOST_BYTES = 5 * 1024 * 1024
MOST_COLUMNS = 100
MOST_ERRORS = 100
XLSX_LIMITS = Limits(memory_bytes=768 * 1024 * 1024, cpu_seconds=20, wall_seconds=60.0)


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == GUARD and text[1:].startswith(FORMULA) else text


def _lines(section: Section) -> Iterator[list[str]]:
    columns = section.columns()
    yield columns
    for item in section.export():
        yield [formula_guarded(to_text(item.get(name))) for name in columns]


def to_csv(section: Section) -> bytes:
    """With a mark that lets spreadsheets know that it is UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows(_lines(section))
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(section: Section) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(section.code[:31])
    for line in _lines(section):
        sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def items_from(section: Section, name: str, content: bytes) -> list[Item]:
    """The items of a table; InvalidInput names each row that can't be read, or says why the file can't."""
    if len(content) > MOST_BYTES:
        raise InvalidInput.field("archivo", _("The file is too large."))
    with _file_of(name, content) as path:
        rows = list(islice(_rows(path), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise InvalidInput.field("archivo", _("At most %(limit)d rows at once.") % {"limit": MOST_ROWS})
    items: list[Item] = []
    errors: dict[str, list[object]] = {}
    for row in rows:
        try:
            items.append(_item(section, row))
        except InvalidInput as error:
            place = _("row %(row)d") % {"row": row.number}
            errors |= {f"{place}, {column}": found for column, found in error.errors.items()}
        if len(errors) >= MOST_ERRORS:
            break
    if errors:
        raise InvalidInput(errors=errors)
    return items


@contextmanager
def _file_of(name: str, content: bytes) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8].lower() or ".csv") as file:
        file.write(content)
        file.flush()
        yield Path(file.name)


def _rows(path: Path) -> Iterator[Row]:
    return _xlsx_rows(path) if path.suffix == ".xlsx" else _csv_rows(path)


def _item(section: Section, row: Row) -> Item:
    if row.error:
        raise InvalidInput.field("", row.error)
    if unknown := sorted(set(row.values) - set(section.columns()) - {""}):
        raise InvalidInput.field(unknown[0], _("There is no such column."))
    if section.columns()[0] not in row.values:
        raise InvalidInput.field(section.columns()[0], _("This column is missing."))
    return section.from_row({name: _unguarded(text) for name, text in row.values.items() if name})


def _csv_rows(path: Path) -> Iterator[Row]:
    table = table_open(path)
    _require_narrow(len(table.columns()))
    return table.rows()


def _xlsx_rows(path: Path) -> Iterator[Row]:
    header, *lines = _xlsx_lines(path) or [[]]
    _require_narrow(max(len(line) for line in [header, *lines]))
    for number, cells in enumerate(lines, 2):
        if any(cells):
            yield Row(number, dict(zip(header, cells, strict=False)))


def _xlsx_lines(path: Path) -> list[list[str]]:
    read = "prsystem.runtime.config.workbooks:lines_of"
    try:
        found: list[list[str]] = run_confined(read, str(path), str(MOST_ROWS), str(MOST_COLUMNS), limits=XLSX_LIMITS)
    except TooHeavy as error:
        raise InvalidInput.field("archivo", _("The file takes too much time or memory to read.")) from error
    except Broken as error:
        raise InvalidInput.field("archivo", _("It isn't an XLSX workbook.")) from error
    return found


def _require_narrow(columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise InvalidInput.field("archivo", _("At most %(limit)d columns.") % {"limit": MOST_COLUMNS})
