"""Rows out of CSV and JSON Lines files made by other systems. Pure reading: nothing here knows what a row means.

CSV (RFC 4180, strict about quotes) has a header row; its delimiter is the one of comma, semicolon and tab that the
header holds most of. JSON Lines has one object per line, a JSON file may also be one list of objects; nested names are
joined by dots (`labels.area`).
Text is UTF-8 with or without BOM, or UTF-16 with one; what isn't UTF-8 is read as Windows-1252, the superset of
Latin-1 that spreadsheets write, with a warning.
"""

import codecs
import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from prsystem.core.errors import InvalidInput

DELIMITERS = ",;\t"
MAX_CHARACTERS = 16 * 1024 * 1024
MAX_LIST_CHARACTERS = 64 * 1024 * 1024  # a list is read at once, lines one by one
LINE_SUFFIXES = {".jsonl", ".ndjson", ".json"}
TABLE_SUFFIXES = {".csv", ".tsv"}
SAMPLE_ROWS = 100
_CHUNK_BYTES = 1024 * 1024
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


class UnreadableTable(InvalidInput):
    """The file as a whole can't be used; `message` says why."""

    code = "archivo_ilegible"


@dataclass(frozen=True)
class Row:
    """One row: its number as an editor or spreadsheet shows it, and text by column; or why it can't be read."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class Table:
    """A file that can be read as often as needed."""

    path: Path
    encoding: str
    delimiter: str
    warnings: tuple[str, ...] = ()
    is_list: bool = False

    @property
    def is_json(self) -> bool:
        return not self.delimiter

    def rows(self) -> Iterator[Row]:
        """Every row that isn't blank, from the start of the file."""
        with self._open() as handle:
            if self.is_list:
                yield from _list_rows(handle)
            else:
                yield from _json_rows(handle) if self.is_json else _csv_rows(handle, self.delimiter)

    def columns(self) -> list[str]:
        """The header's names; for JSON Lines the names in the first rows."""
        if self.is_json:
            return list(dict.fromkeys(name for row in islice(self.rows(), SAMPLE_ROWS) for name in row.values))
        with self._open() as handle:
            return _header(next(_records(handle, self.delimiter), (1, [], ""))[1])

    def _open(self) -> TextIO:
        return self.path.open(encoding=self.encoding, errors="replace", newline="")


def table_open(path: Path) -> Table:
    """The table in a file; UnreadableTable when it is missing, empty, binary or of another form."""
    try:
        encoding = _encoding_of(path)
        with path.open(encoding=encoding, errors="replace", newline="") as handle:
            start = handle.read(_CHUNK_BYTES).lstrip()
    except OSError as error:
        raise UnreadableTable(_("The file can't be read: %(reason)s.") % {"reason": error.strerror}) from error
    if not start:
        raise UnreadableTable(_("The file is empty."))
    warnings = () if encoding != "cp1252" else (_("The file isn't UTF-8; it was read as Latin-1 (Windows-1252)."),)
    if _holds_json(path, start):
        return Table(path, encoding, "", warnings, is_list=start.startswith("["))
    return Table(path, encoding, _delimiter_of(start), warnings)


def _holds_json(path: Path, start: str) -> bool:
    suffix = path.suffix.lower()
    return suffix in LINE_SUFFIXES or (suffix not in TABLE_SUFFIXES and start[0] in "{[")


def _delimiter_of(start: str) -> str:
    header = re.sub(r'"[^"]*"', "", start.splitlines()[0])
    return max(DELIMITERS, key=header.count)


def _encoding_of(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as handle:
        if handle.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        handle.seek(0)
        try:
            while chunk := handle.read(_CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _single_byte_encoding(path)
    return "utf-8-sig"


def _single_byte_encoding(path: Path) -> str:
    """Text in a single-byte encoding has no control bytes; archives and pictures do."""
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK_BYTES):
            if _CONTROL_BYTES.search(chunk):
                raise UnreadableTable(_("The file isn't text. CSV or JSON Lines is expected."))
    return "cp1252"


def _header(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _records(handle: TextIO, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Numbered records with the reason when one can't be read; the reader goes on with the next line."""
    csv.field_size_limit(MAX_CHARACTERS)  # of the whole process; the default of 128 KB stops at the first long text
    reader = csv.reader(handle, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader), ""
        except StopIteration:
            return
        except csv.Error:
            yield number, [], _("The row can't be read as CSV; look for a quote that isn't closed or doubled.")


def _csv_rows(handle: TextIO, delimiter: str) -> Iterator[Row]:
    records = _records(handle, delimiter)
    _number, cells, error = next(records, (1, [], ""))
    header = _header(cells)
    if error or len(set(header)) < len(header):
        raise UnreadableTable(error or _("The header names a column twice."))
    for number, cells, error in records:
        if error:
            yield Row(number, error=error)
        elif len(cells) > len(header):
            counts = {"cells": len(cells), "columns": len(header)}
            yield Row(number, error=_("The row has %(cells)d cells for %(columns)d columns.") % counts)
        elif any(cells):
            yield Row(number, dict(zip(header, cells, strict=False)))


def _json_rows(handle: TextIO) -> Iterator[Row]:
    number = 0
    while line := handle.readline(MAX_CHARACTERS):
        number += 1
        if not line.endswith("\n") and len(line) >= MAX_CHARACTERS:
            _skip_line(handle)
            yield Row(number, error=_("The line is too long."))
        elif line.strip():
            yield _json_row(number, line)


def _list_rows(handle: TextIO) -> Iterator[Row]:
    """The objects of one JSON list, numbered from 1."""
    text = handle.read(MAX_LIST_CHARACTERS + 1)
    if len(text) > MAX_LIST_CHARACTERS:
        raise UnreadableTable(_("The JSON list is too long; write one object per line instead."))
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableTable(_("The file isn't a JSON list.")) from error
    for number, item in enumerate(items, start=1):
        yield (
            _row_of(number, item) if isinstance(item, dict) else Row(number, error=_("The entry isn't a JSON object."))
        )


def _row_of(number: int, item: dict[str, Any]) -> Row:
    try:
        return Row(number, dict(_flat(item)))
    except RecursionError:
        return Row(number, error=_("The JSON of this line can't be read."))


def _skip_line(handle: TextIO) -> None:
    while (rest := handle.readline(MAX_CHARACTERS)) and not rest.endswith("\n"):
        pass


def _json_row(number: int, line: str) -> Row:
    try:
        value = json.loads(line)
        if isinstance(value, dict):
            return Row(number, dict(_flat(value)))
    except json.JSONDecodeError as error:
        return Row(number, error=_("Broken JSON at character %(position)d.") % {"position": error.pos + 1})
    except (ValueError, RecursionError):  # a number of thousands of digits, a thousand brackets
        return Row(number, error=_("The JSON of this line can't be read."))
    return Row(number, error=_("The line isn't a JSON object."))


def _flat(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, item in value.items():
        if isinstance(item, dict):
            yield from _flat(item, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", _text_of(item)


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value if isinstance(item, str | int | float))
    return value if isinstance(value, str) else str(value)
