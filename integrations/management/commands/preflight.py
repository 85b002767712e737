"""`manage.py preflight`: the checklist of an installation, asked and answered."""

import json
import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from prsystem.core.health.preflight import FAIL, OFF, PASS, PHASES, WARN, Result, results, worst
from prsystem.core.imports.progress import progress_bar

SIGNS = {PASS: "✓", WARN: "!", FAIL: "✗", OFF: "–"}


class Command(BaseCommand):
    help = "Check hardware, network, secrets, servers, backups and monitoring. Exits with 1 when a check fails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--phase", choices=PHASES, action="append", help="only this phase; may be repeated")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("prsystem.core.health.checks").setLevel(logging.ERROR)  # the table says it, with what to do
        with progress_bar(_("Checking")) as advance:
            found = results(options["phase"] or PHASES, advance=advance)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found), ensure_ascii=False))
        else:
            self._table(found)
        failed = [str(result.check.title) for result in found if result.finding.state == FAIL]
        self.stdout.flush()
        if failed:
            raise CommandError(_("Failed: %(names)s") % {"names": ", ".join(failed)})

    def _table(self, found: list[Result]) -> None:
        phase = ""
        for result in found:
            if result.check.phase != phase:
                phase = result.check.phase
                self.stdout.write(f"\n{phase}")
            finding = result.finding
            self.stdout.write(
                f"  {SIGNS[finding.state]} {finding.state:<4}  {result.check.title!s:<26} {finding.detail}"
            )
            if finding.advice and finding.state in (WARN, FAIL):
                self.stdout.write(f"          {'':<26} → {finding.advice}")


def _as_json(found: list[Result]) -> dict[str, Any]:
    return {
        "resultado": worst(found),
        "comprobaciones": [
            {
                "nombre": result.check.name,
                "fase": result.check.phase,
                "titulo": str(result.check.title),
                "estado": result.finding.state,
                "detalle": result.finding.detail,
                "que_hacer": result.finding.advice,
            }
            for result in found
        ],
    }
