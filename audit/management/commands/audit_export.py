"""`manage.py audit_export`: the audit trail as CSV, JSON lines or OCSF events. The export itself is audited."""

import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from audit.export.formats import FORMATS, Range, entries_between, export_begin, export_lines
from prsystem.core.context import SYSTEM
from prsystem.core.imports.progress import progress_bar


class Command(BaseCommand):
    help = "Write the audit trail, or a part of it, to a file or to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=FORMATS, default="json", help="csv, json (lines) or ocsf (lines)")
        parser.add_argument("--desde", default="", metavar="MOMENT", help="from this day or moment (ISO 8601)")
        parser.add_argument("--hasta", default="", metavar="MOMENT", help="before this day or moment")
        parser.add_argument("--output", default="-", metavar="FILE", help="file to write; - for standard output")
        parser.add_argument("--json", action="store_const", const="json", dest="format", help="as --format json")

    def handle(self, *args: Any, **options: Any) -> None:
        span = Range(_moment(options["desde"]), _moment(options["hasta"]))
        export_begin(actor=SYSTEM, form=options["format"], details=span.as_data())
        target = nullcontext(sys.stdout) if options["output"] == "-" else _opened(options["output"])
        count = -1 if options["format"] == "csv" else 0
        with target as file, progress_bar(_("Exporting")) as advance:
            for line in export_lines(options["format"], entries_between(span)):
                file.write(line)
                advance(1)
                count += 1
        self.stderr.write(_("%(count)d entries written.") % {"count": count})


def _opened(name: str) -> Any:
    """A new file; one that is there already isn't written over."""
    try:
        return Path(name).open("x", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(_("%(name)s can't be written.") % {"name": name}) from error


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = parse_datetime(text)
        day = parse_date(text) if found is None else None
    except ValueError:
        found = day = None
    if day:
        found = datetime.combine(day, datetime.min.time())
    if found is None:
        raise CommandError(_("«%(text)s» is no day or moment such as 2026-11-24.") % {"text": text})
    return found if timezone.is_aware(found) else timezone.make_aware(found)
