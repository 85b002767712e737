"""Removes copies whose time is over, as `retention` decides."""

import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.services import record
from integrations.backups.locking import alone
from integrations.backups.models import BackupRun
from integrations.backups.selectors import backups_present
from integrations.backups.services import PUSHED, source_server
from prsystem.core.context import Actor

from . import rules as retention

State = BackupRun.State
FAILED_KEPT = timedelta(days=7)


def backups_prune(*, actor: Actor, dry_run: bool = False) -> list[BackupRun]:
    """Remove what has expired; the rows of what was (or would be) removed. Busy beside a running backup."""
    with alone(source_server()):
        gone = [*_expired(), *_failed_long_ago()]
        if not dry_run:
            for run in gone:
                _remove(actor, run)
    return gone


def _expired() -> list[BackupRun]:
    runs = {run.copy_id: run for run in backups_present() if run.taken_at}
    copies = [
        retention.Copy(run.copy_id, run.tier, run.taken_at, run.state == State.DONE, run.has_base)
        for run in runs.values()
        if run.taken_at is not None
    ]
    return [runs[copy.copy_id] for copy in retention.expired(copies)]


def _failed_long_ago() -> list[BackupRun]:
    """Copies that failed their check stay some days, for those who look for the cause."""
    return list(
        BackupRun.objects.filter(state=State.FAILED, finished_at__lt=timezone.now() - FAILED_KEPT).exclude(path="")
    )


def _remove(actor: Actor, run: BackupRun) -> None:
    """The row first: a folder whose row says that it is gone is removed at the next try, never the other way round."""
    with transaction.atomic():
        run.state = State.REMOVED
        run.save(update_fields=["state"])
        record(actor, "backup.removed", run.resource, {"tipo": run.tier})
    for name, result in run.stores.items():
        if result == PUSHED and name in settings.BACKUP_STORES:
            from integrations.backups import stores  # loads boto3

            stores.remove_copy(name, run.copy_id)
    folder = Path(run.path)
    if run.path and folder.parent == settings.BACKUP_DIR and folder.name == run.copy_id:
        shutil.rmtree(folder, ignore_errors=True)
