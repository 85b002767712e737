"""Import of rows from a file: every row is checked first, then all are written in batches, or none.

A first pass checks all rows, so that one run names every error and nothing is half done. The second writes batches in
transactions of their own: an import that is interrupted is finished by running it again.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Protocol, TypeVar

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from prsystem.core.errors import InvalidInput
from prsystem.core.text.cleaning import clean_line, shorten

from .tables import Row, Table, UnreadableTable

BATCH = 500
KEPT_ERRORS = 1000
TITLE_FROM_TEXT = 90
_DATE_FORMATS = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d-%m-%Y", "%d-%m-%Y %H:%M")
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_LOCK = 0x70725F696D70  # one import at a time: any constant does that nothing else uses

Aliases = Mapping[str, tuple[str, ...]]
Alternatives = tuple[str, ...]
Advance = Callable[[int], object]
Watch = Callable[[object, int | None], AbstractContextManager[Advance]]


class ImportedItem(Protocol):
    """What a checked row becomes. `reference` is unique among the rows of one origin."""

    @property
    def reference(self) -> str: ...


Item = TypeVar("Item", bound=ImportedItem)


class Importer(Protocol[Item]):
    """What a kind of record adds to an import."""

    def check(self, row: Row, references: "References") -> Item:
        """The item in a row; InvalidInput names every bad field."""

    def known(self, items: list[Item]) -> set[str]:
        """Those of the references that exist already."""

    def write(self, items: list[Item]) -> int:
        """Write the items that don't exist yet, in one transaction; how many were written."""


@dataclass(frozen=True)
class RowError:
    """What is wrong in which field of which row; `field` is empty when the row can't be read at all."""

    row: int
    field: str
    message: str


@dataclass
class ImportResult:
    """Counts of rows. `created` says what would be created in a dry run; `errors` holds the first KEPT_ERRORS."""

    rows: int = 0
    created: int = 0
    existing: int = 0
    bad_rows: int = 0
    errors: list[RowError] = field(default_factory=list)

    def reject(self, row: int, errors: Mapping[str, list[object]]) -> None:
        self.bad_rows += 1
        room = KEPT_ERRORS - len(self.errors)
        found = [RowError(row, name, str(message)) for name, messages in errors.items() for message in messages]
        self.errors.extend(found[: max(room, 0)])


class References:
    """References seen in one pass over a file."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._repeats: Counter[str] = Counter()

    def claim(self, reference: str, row: int) -> None:
        """InvalidInput when an earlier row has the same reference."""
        first = self._rows.setdefault(reference, row)
        if first != row:
            raise InvalidInput.field("referencia", _("Row %(row)d has the same reference.") % {"row": first})

    def of_content(self, *parts: str) -> str:
        """A reference for a row without one: the same in every run, another one for each repetition of the content."""
        digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
        self._repeats[digest] += 1
        return f"sha256-{digest}" if self._repeats[digest] == 1 else f"sha256-{digest}-{self._repeats[digest]}"


class Columns:
    """Which column holds which field: as told, else by the names that people and systems give it.

    Of each group in `required` one field needs a column; UnreadableTable says which is missing.
    """

    def __init__(self, aliases: Aliases, table: Table, told: Mapping[str, str], required: list[Alternatives]) -> None:
        present = table.columns()
        by_name = {_plain(name): name for name in reversed(present)}
        self._columns = {name: _first(by_name, known) for name, known in aliases.items()}
        for name, column in told.items():
            _require_names(name, column, aliases, present)
            self._columns[name] = [column] if column else []
        if missing := ["/".join(names) for names in required if not any(self._columns[name] for name in names)]:
            raise UnreadableTable(_missing(missing, present))

    def values(self, row: Row) -> dict[str, str]:
        """Text by field, empty for what the row doesn't have."""
        get = row.values.get
        return {
            name: next((value for column in columns if (value := get(column, ""))), "")
            for name, columns in self._columns.items()
        }


def _first(by_name: dict[str, str], known: tuple[str, ...]) -> list[str]:
    return [by_name[name] for name in known if name in by_name]


def _require_names(name: str, column: str, aliases: Aliases, present: list[str]) -> None:
    if name not in aliases:
        names = {"name": name, "all": ", ".join(aliases)}
        raise UnreadableTable(_("There is no field «%(name)s»; there are: %(all)s.") % names)
    if column and column not in present:
        raise UnreadableTable(_("The file has no column «%(name)s».") % {"name": shorten(clean_line(column), 60)})


def _missing(fields: list[str], present: list[str]) -> str:
    names = ", ".join(shorten(clean_line(name), 40) for name in present[:20])
    message = _("No column for %(fields)s. Columns of the file: %(columns)s. Name one with --map.")
    return message % {"fields": ", ".join(fields), "columns": names or "—"}


def _plain(name: str) -> str:
    """`Título del caso` and `titulo_del_caso` are one name; dots of nested names stay."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9.]+", "_", bare).strip("_")


class Checks:
    """Collects the errors of one row, so that one answer names every bad field."""

    def __init__(self) -> None:
        self.errors: dict[str, list[object]] = {}

    def take(self, check: Callable[..., Any], *args: Any, otherwise: Any = "", **options: Any) -> Any:
        """What `check` returns; `otherwise` when it raises InvalidInput, which is kept."""
        try:
            return check(*args, **options)
        except InvalidInput as error:
            self.errors.update(error.errors)
            return otherwise

    def finish(self) -> None:
        if self.errors:
            raise InvalidInput(errors=self.errors)


def unwatched(label: object, total: int | None) -> AbstractContextManager[Advance]:
    return nullcontext(lambda n: None)


def rows_import(
    importer: Importer[Item],
    table: Table,
    *,
    dry_run: bool = False,
    skip_errors: bool = False,
    watch: Watch = unwatched,
) -> ImportResult:
    """Check all rows, then write the good ones; nothing is written when a row is bad, unless `skip_errors`.

    `watch(label, total)` shows the progress of each pass.
    """
    result = ImportResult()
    with watch(_("Checking"), None) as advance:
        for _item in _checked(importer, table, result):
            advance(1)
    if result.bad_rows and not skip_errors:
        return result
    with watch(_("Importing"), result.rows - result.bad_rows) as advance:
        items = _checked(importer, table, ImportResult())
        while batch := list(islice(items, BATCH)):
            created = len(batch) - len(importer.known(batch)) if dry_run else importer.write(batch)
            result.created += created
            result.existing += len(batch) - created
            advance(len(batch))
    return result


def _checked(importer: Importer[Item], table: Table, result: ImportResult) -> Iterator[Item]:
    references = References()
    for row in table.rows():
        result.rows += 1
        if row.error:
            result.reject(row.number, {"": [row.error]})
            continue
        try:
            item = importer.check(row, references)
            references.claim(item.reference, row.number)
        except InvalidInput as error:
            result.reject(row.number, error.errors)
        else:
            yield item


def imports_serialise() -> None:
    """Hold one lock to the end of the transaction: what is looked up as missing is still missing when written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def title_from(text: str) -> str:
    """A title out of the first words of a text."""
    return shorten(clean_line(text[: 4 * TITLE_FROM_TEXT]), TITLE_FROM_TEXT)


def checked_moment(name: str, raw: str) -> datetime | None:
    """ISO 8601 or day/month/year, in the site's time zone when none is given; None when empty."""
    if not (value := raw.strip()):
        return None
    moment = _parsed(value)
    if moment is None:
        raise InvalidInput.field(name, _("A date is expected, such as 2026-03-20 or 20/03/2026."))
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    if not _EARLIEST <= moment <= timezone.now():
        raise InvalidInput.field(name, _("The date is before 1970 or in the future."))
    return moment


def _parsed(value: str) -> datetime | None:
    parsers: list[Callable[[str], datetime]] = [datetime.fromisoformat]
    parsers += [lambda text, form=form: datetime.strptime(text, form) for form in _DATE_FORMATS]  # type: ignore[misc]
    for parse in parsers:
        try:
            return parse(value)
        except ValueError:
            continue
    return None
