"""`manage.py restore`: bring a copy back into the environment's database; release what was held afterwards."""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.backups.encryption import identities_of
from integrations.backups.errors import BackupError
from integrations.backups.restore import restoring
from integrations.backups.restore.fetching import source_opened
from integrations.backups.retention import holding
from integrations.backups.services import reason_of
from prsystem.core.context import SYSTEM
from prsystem.core.errors import Conflict, DomainError
from prsystem.core.imports.progress import progress_bar

FILES_MISSING = 3  # the database is back and in use; some of its files are in no copy
SHOWN = 20


class Command(BaseCommand):
    help = "Restore a backup into the environment's empty database, or release what a restore holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--from", dest="source", metavar="DIR|URL", help="a copy, a folder of copies, or s3://bucket/…"
        )
        what.add_argument("--release", action="store_true", help="let webhooks go out again after a restore")
        parser.add_argument("--at", metavar="TIME", help="state of this moment (ISO 8601), or «latest»")
        parser.add_argument("--yes", action="store_true", help="don't ask")
        parser.add_argument(
            "--replace", action="store_true", help="the database isn't empty: keep it under another name"
        )
        parser.add_argument("--identity", metavar="FILE", help="age key file (else PRS_BACKUP_IDENTITY)")
        parser.add_argument("--resend", action="store_true", help="with --release: also send what the copy had to send")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._release(options) if options["release"] else self._restore(options)
        except (BackupError, DomainError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:  # a full disk, a folder that may not be read
            raise CommandError(reason_of(error)) from error

    def _release(self, options: dict[str, Any]) -> None:
        try:
            point = holding.restore_release(actor=SYSTEM, resend=options["resend"])
        except Conflict as error:
            raise CommandError(_("Nothing is held: no restore waits to be released.")) from error
        told = {"respaldo": point.copy_id, "reenviado": point.was_resent}
        self.stdout.write(json.dumps(told) if options["json"] else _("Webhooks go out again."))

    def _restore(self, options: dict[str, Any]) -> None:
        at = _moment(options["at"])
        identities = _identities(options["identity"])
        if not (options["yes"] or self._agreed()):
            raise CommandError(_("Nothing was changed."))
        with (
            progress_bar(_("Restoring"), restoring.STEPS) as advance,
            source_opened(options["source"], at, identities) as found,
        ):
            request = restoring.Request(found, at, options["replace"], identities, advance)
            restored = restoring.restore(actor=SYSTEM, request=request)
        self._tell(restored, options)
        if restored.missing:
            raise CommandError(_missing(restored.missing), returncode=FILES_MISSING)

    def _agreed(self) -> bool:
        self.stdout.write(
            _("The database %(name)s will be replaced by the copy. Write «sí» to go on:")
            % {"name": restoring.source_server().database}
        )
        try:
            return input().strip().lower() in ("sí", "si", "yes")
        except EOFError:  # nobody is there to answer
            return False

    def _tell(self, restored: restoring.Restored, options: dict[str, Any]) -> None:
        if options["json"]:
            told = {
                "id": restored.copy_id,
                "hasta": restored.until.isoformat(),
                "filas": restored.rows,
                "archivos": restored.files,
                "base_anterior": restored.kept_as,
                "segundos": restored.seconds,
                "avisos": restored.notes,
                "archivos_faltan": restored.missing,
            }
            self.stdout.write(json.dumps(told))
            return
        until = timezone.localtime(restored.until)
        self.stdout.write(
            _("Restored: %(copy)s, state of %(until)s, %(rows)d rows, %(files)d files, in %(seconds).1f s.")
            % {**vars(restored), "copy": restored.copy_id, "until": f"{until:%Y-%m-%d %H:%M:%S %Z}"}
        )
        if restored.kept_as:
            self.stdout.write(_("The database of before is kept as %(name)s.") % {"name": restored.kept_as})
        for note in restored.notes:
            self.stderr.write(note)
        self.stderr.write(_("Webhooks are held. When all is well: manage.py restore --release"))


def _missing(names: list[str]) -> str:
    head = ngettext(
        "Everything else is restored, but %(count)d file is in no copy:",
        "Everything else is restored, but %(count)d files are in no copy:",
        len(names),
    )
    more = [f"… ({len(names) - SHOWN})"] if len(names) > SHOWN else []
    return "\n".join([head % {"count": len(names)}, *names[:SHOWN], *more])


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    if text == "latest":
        return restoring.LATEST
    try:
        moment = parse_datetime(text)
        if moment is None:
            raise ValueError
        moment = (timezone.make_aware(moment) if timezone.is_naive(moment) else moment).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CommandError(_("--at: expected a moment such as 2026-03-01T10:07:29")) from error
    if moment > timezone.now():
        raise CommandError(_("--at: that moment hasn't come yet; «latest» brings back all that there is"))
    return moment


def _identities(path: str | None) -> list[Any]:
    try:
        text = Path(path).read_text(encoding="utf-8") if path else settings.BACKUP_IDENTITY
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("--identity: the file can't be read")) from error
    return identities_of(text)
