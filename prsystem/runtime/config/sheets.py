"""Sections as tables: CSV and XLSX, out and in. What a spreadsheet would take for a formula is written as text."""

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _

from prsystem.core.errors import InvalidInput
from prsystem.core.tables import Row, table_open
from prsystem.core.text import FORMULA, GUARD, formula_guarded

from .sections import Item, Section
from .values import to_text

MOST_ROWS = 5000
MOST_BYTES = 5 * 1024 * 1024
MOST_XLSX_BYTES = 50 * 1024 * 1024


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
    rows = _xlsx_rows(content) if name.lower().endswith(".xlsx") else _csv_rows(name, content)
    items: list[Item] = []
    errors: dict[str, list[object]] = {}
    for row in rows:
        try:
            items.append(_item(section, row))
        except InvalidInput as error:
            place = _("row %(row)d") % {"row": row.number}
            errors |= {f"{place}, {column}": found for column, found in error.errors.items()}
        if len(items) > MOST_ROWS:
            raise InvalidInput.field("archivo", _("At most %(limit)d rows at once.") % {"limit": MOST_ROWS})
    if errors:
        raise InvalidInput(errors=errors)
    return items


def _item(section: Section, row: Row) -> Item:
    if row.error:
        raise InvalidInput.field("", row.error)
    if unknown := sorted(set(row.values) - set(section.columns()) - {""}):
        raise InvalidInput.field(unknown[0], _("There is no such column."))
    if section.columns()[0] not in row.values:
        raise InvalidInput.field(section.columns()[0], _("This column is missing."))
    return section.from_row({name: _unguarded(text) for name, text in row.values.items() if name})


def _csv_rows(name: str, content: bytes) -> list[Row]:
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8] or ".csv") as file:
        file.write(content)
        file.flush()
        return list(table_open(Path(file.name)).rows())


def _xlsx_rows(content: bytes) -> list[Row]:
    from openpyxl import load_workbook

    _require_modest(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        lines = book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 2)
        header = [str(cell or "").strip() for cell in next(lines, ())]
        found = [(number, [_cell(cell) for cell in line]) for number, line in enumerate(lines, 2)]
    except (BadZipFile, KeyError, ValueError, IndexError) as error:
        raise InvalidInput.field("archivo", _("It isn't an XLSX workbook.")) from error
    return [Row(number, dict(zip(header, cells, strict=False))) for number, cells in found if any(cells)]


def _require_modest(content: bytes) -> None:
    """A small archive may unpack into gigabytes."""
    from zipfile import ZipFile

    try:
        with ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except BadZipFile as error:
        raise InvalidInput.field("archivo", _("It isn't an XLSX workbook.")) from error
    if size > MOST_XLSX_BYTES:
        raise InvalidInput.field("archivo", _("The file is too large."))


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else to_text(value).strip()
