"""Measure how well danger is told: `evaluate_urgency FILE --json`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from incidents.emergencies.measuring import Wording, urgency_measured
from prsystem.core.imports.progress import progress_bar


class Command(BaseCommand):
    """Judges each text as a report that comes in is judged: by words, then by meaning. Nothing is written."""

    help = "Measures on FILE, JSON lines of text and emergency, which dangers are told and what is taken for one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))
        parser.add_argument("--wrong", action="store_true", help=_("also the texts that were judged wrongly"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wordings = [_wording(line) for line in options["file"].read_text(encoding="utf-8").splitlines() if line]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(_("The file can't be read: %(reason)s") % {"reason": error}) from error
        if len({wording.is_danger for wording in wordings}) < 2:
            raise CommandError(_("The file needs texts of both kinds."))
        with progress_bar(_("Texts"), len(wordings)) as advance:
            score = urgency_measured(wordings, advance)
        values = {"recall": round(score.recall, 4), "false_alarms": round(score.false_alarms, 4)}
        values |= {"by_words": round(score.by_words, 4), "texts": len(wordings)}
        lines = [json.dumps(values)] if options["json"] else [f"{name}: {value}" for name, value in values.items()]
        if options["wrong"]:
            lines += [f"{'-' if wording.is_danger else '+'} {wording.text!r}" for wording in score.wrong]
        self.stdout.write("\n".join(lines))


def _wording(line: str) -> Wording:
    row = json.loads(line)
    if not isinstance(row["text"], str) or not isinstance(row["emergency"], bool):
        raise ValueError(_("each line needs `text` and `emergency`, true or false"))
    return Wording(row["text"], row["emergency"])
