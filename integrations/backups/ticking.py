"""What happens by the clock, every few minutes: WAL is fetched, what is due is asked for, what is over is removed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit.services import Outcome, record
from prsystem.core import queue
from prsystem.core.context import SYSTEM
from prsystem.core.outbox import record_event

from . import copying, retention, schedule, wal
from .errors import Busy
from .locking import alone
from .manifest import NAME, read_manifest
from .models import BackupRun
from .pruning import backups_prune
from .sealing import recipients_of
from .services import FAILURES, backup_request, facts_of, reason_of, run_dead, runs_push, source_server

log = structlog.get_logger(__name__)
State, Tier = BackupRun.State, BackupRun.Tier
SCHEDULED = (Tier.DAILY, Tier.WEEKLY, Tier.MONTHLY)
HOURLY_ROWS_KEPT = timedelta(days=7)


JOB = "backup.tick"


def backups_tick_request() -> None:
    """As a job: a store that is slow holds one worker at most, and never twice."""
    queue.enqueue(JOB, payload={}, queue="bulk", dedup_key=JOB)


def backups_tick() -> None:
    """Each part by itself: one that fails is told and doesn't stop the others."""
    for step in (wal_collect, killed_tell, runs_push, due_request, expired_remove):
        _guarded(step)


def _guarded(step: Callable[[], object]) -> None:
    try:
        step()
    except Busy:
        log.info("backup.tick_busy", step=step.__name__)
    except FAILURES as error:
        log.error("backup.tick_failed", step=step.__name__, reason=reason_of(error))


def wal_collect() -> BackupRun | None:
    """Bring the continuous archive up to now; the row of this hour. None where the role may not replicate."""
    server = source_server()
    if not copying.may_replicate(server):
        return None
    run = _row_of_this_hour()
    try:
        fetched = wal.wal_fetch(server, settings.BACKUP_DIR)
        _wal_push(fetched.folder)
    except FAILURES as error:
        _hour_failed(run, error)
        return run
    run.state, run.taken_at, run.finished_at, run.error = State.DONE, fetched.until, timezone.now(), ""
    run.path = str(fetched.folder)
    run.size_bytes = sum(path.stat().st_size for path in fetched.folder.iterdir())
    run.save()
    wal.wal_prune(fetched.folder, _wal_needed_from(fetched.system))
    return run


def _wal_push(folder: Path) -> None:
    if settings.BACKUP_STORES:
        from . import walpush  # loads boto3

        walpush.wal_push(folder, recipients_of(settings.BACKUP_RECIPIENTS))


def _row_of_this_hour() -> BackupRun:
    now = timezone.now()
    hour = now.astimezone(UTC).strftime("%Y%m%dT%H0000Z")
    run, _is_new = BackupRun.objects.get_or_create(
        copy_id=f"{hour}-{Tier.HOURLY}",
        defaults={"tier": Tier.HOURLY, "requested_by": SYSTEM.label, "started_at": now},
    )
    return run


@transaction.atomic
def _hour_failed(run: BackupRun, error: Exception) -> None:
    """Told once an hour."""
    was_told = run.state == State.FAILED
    run.state, run.error, run.finished_at = State.FAILED, reason_of(error), timezone.now()
    run.save()
    log.error("backup.wal_failed", reason=run.error)
    if not was_told:
        record(SYSTEM, "backup.failed", run.resource, facts_of(run), Outcome.FAILED)
        record_event("respaldo.fallido", run.resource, facts_of(run))


def _wal_needed_from(system: str) -> str:
    """See `retention.wal_needed_from`; of the verified physical copies of this cluster that are still here."""
    known = []
    for run in BackupRun.objects.filter(state=State.DONE, has_base=True):
        path = Path(run.path) / NAME
        if path.exists() and (manifest := read_manifest(path)).system == system:
            known.append((manifest.taken_at, manifest.base_wal))
    return retention.wal_needed_from(known, timezone.now())


def killed_tell() -> int:
    """Rows that say that they run while nobody holds the lock."""
    if not BackupRun.objects.filter(state=State.RUNNING).exists():
        return 0
    with alone(source_server()):
        return run_dead()


def due_request() -> BackupRun | None:
    """Ask for the copy that is due, unless one waits or runs."""
    scheduled = BackupRun.objects.filter(tier__in=SCHEDULED)
    if scheduled.filter(state__in=(State.PENDING, State.RUNNING)).exists():
        return None
    tier = schedule.due(timezone.localtime(), _newest(), _last_failure())
    return backup_request(actor=SYSTEM, tier=tier) if tier else None


def _newest() -> dict[str, datetime]:
    good = BackupRun.objects.filter(tier__in=SCHEDULED, state__in=(State.DONE, State.INCOMPLETE, State.REMOVED))
    rows: Any = good.exclude(taken_at=None).order_by().values_list("tier").annotate(Max("taken_at"))
    return dict(rows)


def _last_failure() -> datetime | None:
    bad = BackupRun.objects.filter(tier__in=SCHEDULED, state__in=(State.FAILED, State.UNVERIFIED))
    return bad.aggregate(moment=Max("created_at"))["moment"]


def expired_remove() -> int:
    """Copies whose time is over, and old rows of the hourly archive."""
    count = len(backups_prune(actor=SYSTEM))
    old = timezone.now() - HOURLY_ROWS_KEPT
    BackupRun.objects.filter(tier=Tier.HOURLY, created_at__lt=old).delete()
    return count
