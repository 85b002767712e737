"""`manage.py backup run|list|verify|prune`: copies of the whole system, each proven by restoring it."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from integrations.backups.archive.stored import archive_problems
from integrations.backups.errors import BackupError
from integrations.backups.models import BackupRun
from integrations.backups.retention.pruning import backups_prune
from integrations.backups.selectors import backup_by_copy_id, backups_present
from integrations.backups.services import STEPS, backup_run, backup_verify, reason_of
from integrations.backups.verify.drilling import backup_drill
from integrations.backups.verify.examining import examine_here
from prsystem.core.context import SYSTEM
from prsystem.core.errors import DomainError
from prsystem.core.imports.progress import progress_bar

PROVEN = (BackupRun.State.DONE, BackupRun.State.INCOMPLETE)


class Command(BaseCommand):
    help = "Make, list, verify and prune backups."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        run = actions.add_parser("run", help="make a copy and prove it by restoring it to scratch")
        tiers = [tier for tier in BackupRun.Tier.values if tier != BackupRun.Tier.HOURLY]
        run.add_argument("--tier", choices=tiers, default="manual", help="how long it is kept (manual: 30 days)")
        shown = actions.add_parser("list", help="copies that exist, newest first")
        verify = actions.add_parser("verify", help="prove copies again by restoring them to scratch")
        verify.add_argument("copies", nargs="*", metavar="ID", help="default: the newest one")
        verify.add_argument("--all", action="store_true", help="every copy that exists")
        prune = actions.add_parser("prune", help="remove copies whose time is over; never the last verified one")
        prune.add_argument("--dry-run", action="store_true", help="only say which")
        drill = actions.add_parser("drill", help="restore to scratch, ask the copy questions, print how long it takes")
        drill.add_argument("copy", nargs="?", metavar="ID", help="default: the newest one")
        examine = actions.add_parser("examine", help="ask this database what a drill asks of a copy")
        examine.add_argument("--only", default="", metavar="NAME", help="audit or knowledge")
        for action in (run, shown, verify, prune, drill, examine):
            action.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except (BackupError, DomainError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(reason_of(error)) from error

    def _run(self, options: dict[str, Any]) -> None:
        with progress_bar(_("Backup"), STEPS) as advance:
            run = backup_run(actor=SYSTEM, tier=options["tier"], advance=advance)
        if run.state == BackupRun.State.FAILED:
            raise CommandError(run.error)
        if options["json"]:
            self.stdout.write(json.dumps(_row(run)))
        else:
            self.stdout.write(f"{run.path}  {run.get_state_display()}")
        if run.state != BackupRun.State.DONE:
            raise CommandError(_("The copy exists but is not as safe as it should be: %s") % run.error)
        if run.error:
            self.stderr.write(run.error)

    def _list(self, options: dict[str, Any]) -> None:
        runs = list(backups_present())
        if options["json"]:
            self.stdout.write(json.dumps([_row(run) for run in runs]))
            return
        for run in runs:
            taken = localtime(run.taken_at).strftime("%Y-%m-%d %H:%M:%S") if run.taken_at else ""
            self.stdout.write(f"{run.copy_id:<28} {taken} {run.size_bytes:>14,}  {run.get_state_display()}")

    def _verify(self, options: dict[str, Any]) -> None:
        present = list(backups_present())
        chosen = [backup_by_copy_id(copy_id) for copy_id in options["copies"]]
        if not chosen:
            chosen = present if options["all"] else present[:1]
        if not chosen:
            raise CommandError(_("There is no backup yet."))
        with progress_bar(_("Verifying"), len(chosen)) as advance:
            for run in chosen:
                backup_verify(actor=SYSTEM, run=run)
                advance(1)
        self._show(chosen, options)
        if bad := [run for run in chosen if run.state != BackupRun.State.DONE]:
            raise CommandError("; ".join(f"{run.copy_id}: {run.error}" for run in bad))
        if problems := archive_problems():
            raise CommandError(_("The continuous archive is damaged: %s") % "; ".join(problems))

    def _prune(self, options: dict[str, Any]) -> None:
        with progress_bar(_("Removing")):
            gone = backups_prune(actor=SYSTEM, dry_run=options["dry_run"])
        self._show(gone, options)

    def _drill(self, options: dict[str, Any]) -> None:
        run = backup_by_copy_id(options["copy"]) if options["copy"] else backups_present().first()
        if run is None:
            raise CommandError(_("There is no backup yet."))
        with progress_bar(_("Restore drill")):
            drill = backup_drill(actor=SYSTEM, run=run)
        if options["json"]:
            self.stdout.write(json.dumps(drill.as_json()))
        else:
            text = _("%(copy_id)s: %(rows)d rows, %(files)d files. RTO %(rto_seconds).1f s, RPO %(rpo_seconds).0f s.")
            self.stdout.write(text % vars(drill))
        if not drill.passed:
            raise CommandError("; ".join(drill.problems))

    def _examine(self, options: dict[str, Any]) -> None:
        examination = examine_here(options["only"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(examination)))
            return
        for line in examination.problems:
            self.stdout.write(line)
        if examination.problems:
            raise CommandError(_("The database does not answer as it should."))

    def _show(self, runs: list[BackupRun], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps([_row(run) for run in runs]))
            return
        for run in runs:
            self.stdout.write(f"{run.copy_id}  {run.get_state_display()}  {run.error}".rstrip())


def _row(run: BackupRun) -> dict[str, Any]:
    return {
        "id": run.copy_id,
        "ruta": run.path,
        "verificado": run.verified_at is not None and run.state in PROVEN,
        "tipo": run.tier,
        "tomado_en": run.taken_at.isoformat() if run.taken_at else None,
        "bytes": run.size_bytes,
        "cifrado": run.is_encrypted,
        "error": run.error,
    }
