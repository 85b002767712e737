"""Measure search over manuals: `evaluate_manuals DIR --json`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from integrations.embedder.client import EmbedderError
from prsystem.core.imports.progress import progress_bar

from ...services.measuring import embedders_in_use, scratch_tables
from ...services.measuring_manuals import Shelf, measured, read_questions, read_shelf


class Command(BaseCommand):
    """Uses a scratch index: the knowledge base is neither read nor changed."""

    help = "Measures whether the right page of the manuals in DIR comes first, by the questions of questions.jsonl."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))
        parser.add_argument("--rows", type=Path, help=_("a file for the rank of each question"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            values, rows = self._measured(options["folder"])
            if options["rows"]:
                options["rows"].write_text(
                    "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
                )
        except (OSError, ValueError) as error:
            raise CommandError(_("The collection can't be read: %(reason)s") % {"reason": error}) from error
        except EmbedderError as error:
            raise CommandError(str(error)) from error
        lines = [json.dumps(values, ensure_ascii=False)] if options["json"] else map(_line, values.items())
        self.stdout.write("\n".join(lines))

    def _measured(self, folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        questions = read_questions(folder)
        if not questions:
            raise CommandError(_("The collection has no documents or no queries."))
        files = list(dict.fromkeys(question.file for question in questions))
        with progress_bar(_("Manuals"), len(files)) as advance:
            shelf: Shelf = read_shelf(folder, files, advance)
        embed, second = [*embedders_in_use(), None, None][:2]
        with scratch_tables(), progress_bar(_("Parts"), len(shelf.parts)) as advance:
            return measured(shelf, questions, embed, second, advance)


def _line(item: tuple[str, Any]) -> str:
    name, value = item
    return f"{name}: {value}"
