"""`manage.py audit_verify`: is the audit trail what was sealed?"""

import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit.models import AuditEntry
from audit.seals import verifying
from audit.seals.heads import head_as_data, head_from_text, head_newest
from audit.seals.reading import batch_newest
from audit.seals.texts import fault_text
from prsystem.core.errors import DomainError
from prsystem.core.imports.progress import progress_bar


class Command(BaseCommand):
    help = "Check every seal of the audit trail, or prove one entry. Exits with 1 at the first fault, which it names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", action="append", default=[], metavar="FILE", help="check against this exported head; - for stdin"
        )
        parser.add_argument("--entry", type=int, metavar="ID", help="prove that this entry is in a signed batch")
        parser.add_argument("--print-head", action="store_true", help="print the newest head, to keep it elsewhere")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        began = perf_counter()
        if options["print_head"]:
            self._print_head()
        elif options["entry"] is not None:
            self._prove(options["entry"], began, as_json=options["json"])
        else:
            self._verify(options["head"], began, as_json=options["json"])

    def _print_head(self) -> None:
        batch = batch_newest()
        if batch is None:
            raise CommandError(_("Nothing is sealed yet."))
        self.stdout.write(json.dumps(head_as_data(batch), indent=1))

    def _prove(self, entry_id: int, began: float, *, as_json: bool) -> None:
        try:
            proof = verifying.entry_prove(entry_id)
        except verifying.Broken as broken:
            self._fail(broken.fault, as_json)
        if proof is None:
            raise CommandError(_("Entry %(number)d isn't sealed, or there is none.") % {"number": entry_id})
        milliseconds = round(1000 * (perf_counter() - began), 1)
        if as_json:
            data = {**vars(proof), "batch": vars(proof.batch), "signature": proof.signature.hex()}
            self.stdout.write(json.dumps({"ok": True, **data, "ms": milliseconds}))
            return
        self.stdout.write(
            _("Entry %(entry)d is number %(ordinal)d of batch %(batch)d, which is signed; proof of %(steps)d steps.")
            % {"entry": entry_id, "ordinal": proof.ordinal, "batch": proof.batch.number, "steps": len(proof.path)}
            + f" ({milliseconds} ms)"
        )

    def _verify(self, files: list[str], began: float, *, as_json: bool) -> None:
        heads = [_head(name) for name in files] or _exported()
        with progress_bar(_("Verifying"), AuditEntry.objects.count()) as advance:
            verdict = verifying.trail_verify(heads, advance=advance)
        if verdict.fault:
            self._fail(verdict.fault, as_json)
        counts = {"batches": verdict.batches, "entries": verdict.entries, "erased": verdict.erased}
        seconds = round(perf_counter() - began, 2)
        if as_json:
            report = {"ok": True, **counts, "head": verdict.head, "heads_checked": len(heads), "seconds": seconds}
            self.stdout.write(json.dumps(report))
            return
        text = _("The trail is whole: %(batches)d batches, %(entries)d entries, %(erased)d people erased.") % counts
        self.stdout.write(f"{text} ({seconds} s)")
        if not heads:
            self.stderr.write(_("No exported head was at hand: a cut end can't be seen without one."))

    def _fail(self, fault: verifying.Fault, as_json: bool) -> None:
        if as_json:
            self.stdout.write(
                json.dumps({"ok": False, "fault": fault.kind, "batch": fault.batch, "entry": fault.entry})
            )
        raise CommandError(fault_text(fault))


def _head(name: str) -> verifying.ExportedHead:
    try:
        return head_from_text(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(_("%(name)s isn't an exported head.") % {"name": name}) from error


def _exported() -> list[verifying.ExportedHead]:
    """The newest head in the store, when there is one."""
    try:
        newest = head_newest()
    except (ValueError, DomainError) as error:
        raise CommandError(_("The newest exported head can't be read.")) from error
    return [newest] if newest else []
