"""What the import commands have in common: options, report, exit code."""

import json
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.utils.translation import gettext as _

from prsystem.core.errors import DomainError
from prsystem.core.imports.rows import ImportResult
from prsystem.core.imports.tables import Table, table_open

from .area_book import AreaBook

SHOWN_ERRORS = 50


class ImportCommand(BaseCommand):
    """`run` imports a table; everything else is here. Exits with 1 when a row is bad, unless told to skip it."""

    fields: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV (comma, semicolon or tab), JSON Lines or a JSON list")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
        parser.add_argument("--skip-errors", action="store_true", help="import the good rows although others are bad")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"column of a field, empty for none; fields: {', '.join(self.fields)}",
        )
        parser.add_argument("--area", default="", metavar="CODE", help="area of rows that name none")
        parser.add_argument("--create-areas", action="store_true", help="make an area of every unknown label")
        parser.add_argument(
            "--source", default="", help="where the rows come from (importacion); references are unique in it"
        )

    def run(self, table: Table, areas: AreaBook, columns: dict[str, str], options: dict[str, Any]) -> ImportResult:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        start = monotonic()
        try:
            table = table_open(options["file"])
            areas = AreaBook(default=options["area"], create=options["create_areas"])
            result = self.run(table, areas, _pairs(options["map"]), options)
        except DomainError as error:
            raise CommandError(_reason(error)) from error
        except DatabaseError as error:
            raise CommandError(_("The database refused; run it again to go on where it stopped: %s") % error) from error
        seconds = round(monotonic() - start, 2)
        areas_made = [area.code for area in areas.created]
        if options["json"]:
            report = {**asdict(result), "areas": areas_made, "warnings": table.warnings, "seconds": seconds}
            self.stdout.write(json.dumps({**report, "dry_run": options["dry_run"]}, ensure_ascii=False))
        else:
            self._print(result, table, areas_made, seconds, options["dry_run"])
        if result.bad_rows and not (options["skip_errors"] and result.bad_rows < result.rows):
            raise CommandError(_failure(result))

    def _print(self, result: ImportResult, table: Table, areas: list[str], seconds: float, dry_run: bool) -> None:
        for warning in table.warnings:
            self.stderr.write(self.style.WARNING(warning))
        for error in result.errors[:SHOWN_ERRORS]:
            where = _("Row %(row)d") % {"row": error.row} + (f", {error.field}" if error.field else "")
            self.stderr.write(self.style.ERROR(f"{where}: {error.message}"))
        if len(result.errors) > SHOWN_ERRORS:
            self.stderr.write(_("… and more; --json lists up to a thousand."))
        counts = {"rows": result.rows, "created": result.created, "existing": result.existing, "bad": result.bad_rows}
        text = _("%(rows)d rows: %(created)d new, %(existing)d known already, %(bad)d bad.") % counts
        self.stdout.write(f"{text} ({seconds} s)")
        if areas:
            self.stdout.write(_("Areas made: %(codes)s.") % {"codes": ", ".join(areas)})
        if dry_run:
            self.stdout.write(_("Dry run: nothing was written."))


def _pairs(options: list[str]) -> dict[str, str]:
    pairs = dict(option.partition("=")[::2] for option in options)
    if bad := [option for option in options if "=" not in option]:
        raise CommandError(_("--map takes FIELD=COLUMN, not «%(given)s».") % {"given": bad[0]})
    return pairs


def _reason(error: DomainError) -> str:
    messages = [f"{name}: {message}" for name, found in error.errors.items() for message in found]
    return "; ".join(messages) or str(error)


def _failure(result: ImportResult) -> str:
    text = _("Nothing was imported: %(count)d rows are bad.") % {"count": result.bad_rows}
    if any(error.field == "area" for error in result.errors):
        text += " " + _("--create-areas makes areas of unknown labels, --area gives one to rows without.")
    return text
