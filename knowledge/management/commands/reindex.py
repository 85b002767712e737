"""`manage.py reindex`: make the search index what the database says, while search goes on."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from knowledge.services.indexing import index_rebuild
from prsystem.core.imports.progress import progress_bar


class Command(BaseCommand):
    help = "Compare the search index with the published versions, add what is missing and remove what is too much."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with progress_bar(_("Indexing")) as advance:
            report = index_rebuild(advance=advance)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            self.stdout.write(
                _("Articles made again: %(articles)d. Passages embedded: %(embedded)d. Index: +%(added)d −%(removed)d.")
                % asdict(report)
            )
        if not report.vectors_available:
            raise CommandError(_("Embedder or Chroma didn't answer: full text is up to date, vectors are not."))
