"""`manage.py import_articles FILE`: articles of another system, from CSV or JSON Lines."""

from typing import Any

from django.core.management.base import CommandParser

from knowledge.services.importing import ALIASES, VISIBILITIES, articles_import
from prsystem.accounts.people.area_book import AreaBook
from prsystem.accounts.people.import_command import ImportCommand
from prsystem.core.context import SYSTEM
from prsystem.core.imports.progress import progress_bar
from prsystem.core.imports.rows import ImportResult
from prsystem.core.imports.tables import Table


class Command(ImportCommand):
    help = "Import articles from CSV or JSON Lines, as drafts unless --publish. A second run creates nothing."
    fields = tuple(ALIASES)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--publish", action="store_true", help="publish and index them at once")
        parser.add_argument(
            "--visibility", choices=VISIBILITIES, default="area", help="who may read them (default: area)"
        )

    def run(self, table: Table, areas: AreaBook, columns: dict[str, str], options: dict[str, Any]) -> ImportResult:
        return articles_import(
            actor=SYSTEM,
            table=table,
            areas=areas,
            columns=columns,
            source=options["source"],
            visibility=options["visibility"],
            publish=options["publish"],
            dry_run=options["dry_run"],
            skip_errors=options["skip_errors"],
            watch=progress_bar,
        )
