"""`manage.py export_edits`: what engineers kept, changed, deleted and added, as labelled data. People are masked; the
export itself is audited."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from incidents.answers.edits import month_asked
from incidents.answers.exporting import FORMATS, edits_export
from prsystem.core.context import SYSTEM
from prsystem.core.errors import InvalidInput
from prsystem.core.imports.progress import progress_bar


class Command(BaseCommand):
    help = "Write what became of the proposals of a month, sentence by sentence."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mes", default="", metavar="MONTH", help=_("2026-11; this month when it isn't given"))
        parser.add_argument("--format", choices=list(FORMATS), default="jsonl")
        parser.add_argument("--json", action="store_const", const="jsonl", dest="format", help="as --format jsonl")
        parser.add_argument("--output", default="-", metavar="FILE", help=_("file to write; - for standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            month = month_asked(options["mes"])
        except InvalidInput as error:
            raise CommandError(_("A month is expected: 2026-11.")) from error
        lines = edits_export(actor=SYSTEM, month=month, form=options["format"])
        target = nullcontext(sys.stdout) if options["output"] == "-" else _opened(options["output"])
        with target as file, progress_bar(_("Exporting")) as advance:
            for line in lines:
                file.write(line)
                advance(1)


def _opened(name: str) -> Any:
    """A new file; one that is there already isn't written over."""
    try:
        return Path(name).open("x", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(_("%(name)s can't be written.") % {"name": name}) from error
