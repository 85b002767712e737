"""Measure the check of answers: `evaluate_grounding FILE --json`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ...services.judging import Outcome, judged_in, outcome_of, summary


class Command(BaseCommand):
    """Reads the file alone; nothing of the knowledge base is read or changed."""

    help = "Measures the check of answers on FILE, JSONL with sentences that are known to be faithful or planted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcomes = [outcome_of(judged) for judged in judged_in(options["file"])]
        except (OSError, ValueError) as error:
            raise CommandError(_("The file can't be read: %(reason)s") % {"reason": error}) from error
        if not outcomes:
            raise CommandError(_("The file has no sentences."))
        values = summary(outcomes)
        if options["json"]:
            self.stdout.write(json.dumps(values, ensure_ascii=False))
            return
        for outcome in outcomes:
            if outcome.is_wrong:
                self.stdout.write(_line(outcome))
        self.stdout.write(f"caught: {values['caught']}\nfalse_alarms: {values['false_alarms']}")
        for kind, counts in values["by_kind"].items():
            self.stdout.write(f"  {kind}: {counts['right']}/{counts['of']}")


def _line(outcome: Outcome) -> str:
    reasons = ",".join(s.reason for s in outcome.grounding.sentences if s.reason)
    return f"{outcome.judged.id} {outcome.judged.kind} [{reasons}] {outcome.judged.text!r}"
