"""`manage.py import_incidents FILE`: incidents of another system, from CSV or JSON Lines."""

from typing import Any

from django.core.management.base import CommandParser

from incidents.intake.importing import IMPORTABLE_STATES, incidents_import
from incidents.intake.presets import ALIASES, PRESETS
from prsystem.accounts.people.area_book import AreaBook
from prsystem.accounts.people.import_command import ImportCommand
from prsystem.core.context import SYSTEM
from prsystem.core.imports.progress import progress_bar
from prsystem.core.imports.rows import ImportResult
from prsystem.core.imports.tables import Table


class Command(ImportCommand):
    help = "Import incidents from CSV or JSON Lines. A second run creates nothing."
    fields = tuple(ALIASES)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--preset",
            choices=[name for name in PRESETS if name],
            default="",
            help="the columns, states and priorities of an export of GLPI or Zammad; also its --source",
        )
        parser.add_argument(
            "--state",
            choices=[str(state) for state in IMPORTABLE_STATES],
            default="nuevo",
            help="state of rows that neither say theirs nor hold a solution or a date of resolution (default: nuevo)",
        )

    def run(self, table: Table, areas: AreaBook, columns: dict[str, str], options: dict[str, Any]) -> ImportResult:
        return incidents_import(
            actor=SYSTEM,
            table=table,
            areas=areas,
            columns=columns,
            source=options["source"],
            preset=options["preset"],
            state=options["state"],
            dry_run=options["dry_run"],
            skip_errors=options["skip_errors"],
            watch=progress_bar,
        )
