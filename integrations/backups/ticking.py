"""What happens by the clock, every few minutes: WAL is fetched, what is due is asked for, what is over is removed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit.services import Outcome, record
from integrations.backups.retention.pruning import backups_prune
from prsystem.core.bounds import deadlines
from prsystem.core.context import SYSTEM
from prsystem.core.jobs import queue
from prsystem.core.jobs.outbox import record_event

from . import files, pg, schedule
from .archive import checking, proving, stored, wal
from .copy import making as copying
from .encryption import recipients_of
from .errors import BackupError, Busy
from .locking import alone
from .models import BackupRun
from .services import FAILURES, backup_request, facts_of, reason_of, run_dead, source_server

log = structlog.get_logger(__name__)
State, Tier = BackupRun.State, BackupRun.Tier
SCHEDULED = (Tier.DAILY, Tier.WEEKLY, Tier.MONTHLY)
WAL_DAMAGED = "wal_damaged"
HOURLY_ROWS_KEPT = timedelta(days=7)


JOB, ARCHIVE_JOB, PUSH_JOB = "backup.tick", "backup.archive", "backup.push"


def backups_tick_request() -> None:
    """As jobs of their own: what is slow holds one worker at most, never twice, and keeps nothing else from being
    done."""
    is_unsent = BackupRun.objects.filter(state=State.INCOMPLETE).exists()
    for kind in (JOB, ARCHIVE_JOB, *([PUSH_JOB] if is_unsent else [])):
        queue.enqueue(kind, payload={}, queue="bulk", dedup_key=kind)


def backups_tick() -> None:
    """Job: each part by itself; one that fails is told and doesn't stop the others."""
    for step in (killed_tell, due_request, expired_remove):
        _guarded(step)


def _guarded(step: Callable[[], object]) -> None:
    try:
        step()
    except Busy:
        log.info("backup.tick_busy", step=step.__name__)
    except FAILURES as error:
        log.error("backup.tick_failed", step=step.__name__, reason=reason_of(error))


@dataclass
class Round:
    """A round of the archive. `hour`: the one whose share of the archive is read through; None: not this time."""

    server: pg.Server
    run: BackupRun
    hour: int | None

    @cached_property
    def system(self) -> str:
        return proving.system_of(self.server)

    @cached_property
    def bases(self) -> proving.Bases:
        return proving.bases_of(self.system)


def wal_collect() -> BackupRun | None:
    """Job: bring the continuous archive up to now; the row of this hour. None where the role may not replicate."""
    server = source_server()
    if not copying.may_replicate(server):
        return None
    run = _row_of_this_hour()
    told, failures = _parts_done(Round(server, run, timezone.now().hour if run.finished_at is None else None))
    if failures:
        _hour_failed(run, failures)
        return run
    run.state, run.error, run.finished_at = State.DONE, "; ".join(told), timezone.now()
    run.save()
    return run


def _parts_done(now: Round) -> tuple[list[str], list[Exception]]:
    """What the parts tell, and what failed. One that fails doesn't stop those after it; Celery's limit does."""
    told: list[str] = []
    failures: list[Exception] = []
    for part, seconds in PARTS:
        try:
            with deadlines.within(seconds):
                told += part(now)
        except FAILURES as error:
            failures.append(error)
        except SoftTimeLimitExceeded:
            failures.append(BackupError("late", f"{part.__name__} took longer than a job may"))
            break
    return told, failures


def _wal_bring(now: Round) -> list[str]:
    """Faults before the newest copy: seconds of earlier are lost, those of now are not."""
    fetched = wal.wal_fetch(now.server, settings.BACKUP_DIR)
    faults = proving.faults_now(fetched.folder, now.bases, now.hour)
    wal.wal_prune(fetched.folder, now.bases.needed_from)
    now.run.size_bytes = sum(path.stat().st_size for path in fetched.folder.iterdir())
    now.run.path = str(fetched.folder)
    if breaks := [fault for fault in faults if now.bases.breaks(fault)]:
        raise BackupError(WAL_DAMAGED, checking.lines_of(breaks))
    now.run.taken_at = fetched.until
    return [checking.lines_of(faults)] if faults else []


def _wal_send(now: Round) -> list[str]:
    folder = wal.wal_folder(settings.BACKUP_DIR, now.system)
    if settings.BACKUP_STORES and folder.is_dir():
        from .archive import walpush  # loads boto3

        walpush.wal_push(folder, recipients_of(settings.BACKUP_RECIPIENTS))
    return []


def _files_bring(now: Round) -> list[str]:
    return _stored_collect(now.server, now.bases, now.hour)


def _files_send(now: Round) -> list[str]:
    if settings.BACKUP_STORES:
        from . import stores
        from .archive import storedpush

        for name in stores.names():
            storedpush.stored_push(settings.BACKUP_DIR, name, recipients_of(settings.BACKUP_RECIPIENTS))
    return []


# Seconds by the clock; all together are over before Celery's limit, and each goes on where it was in the next round.
PARTS = ((_wal_bring, 100.0), (_wal_send, 40.0), (_files_bring, 40.0), (_files_send, 40.0))


def _stored_collect(server: pg.Server, bases: proving.Bases, hour: int | None) -> list[str]:
    """The stored files that the row of this hour has to tell of. A damaged one is brought again from the store."""
    root, base = settings.BACKUP_DIR, bases.of_files
    if base is None:
        return []
    is_due = (lambda name: files.mark_of(name)[0] % 24 == hour) if hour is not None else checking.nothing
    faults = stored.stored_faults(root, deep=checking.in_time(is_due))
    if faults:
        log.error("backup.stored_damaged", files=len(faults))
        stored.stored_forget(root, faults)
    collected = stored.stored_collect(server, root, base)
    if collected.failed:
        raise _of_all(list(collected.failed.values()))
    told = [text for name, text in faults.items() if name not in collected.copied][: checking.SHOWN]
    if collected.missing:
        told.append(f"{len(collected.missing)} stored files are missing, {collected.missing[0]} among them")
    return told if collected.is_done else [*told, "more stored files wait for the next fetch"]


def _of_all(failures: list[BackupError]) -> BackupError:
    first, more = failures[0], len(failures) - 1
    return BackupError(first.code, f"{first}; {more} more stored files can't be copied" if more else str(first))


def _row_of_this_hour() -> BackupRun:
    now = timezone.now()
    hour = now.astimezone(UTC).strftime("%Y%m%dT%H0000Z")
    run, _is_new = BackupRun.objects.get_or_create(
        copy_id=f"{hour}-{Tier.HOURLY}",
        defaults={"tier": Tier.HOURLY, "requested_by": SYSTEM.label, "started_at": now},
    )
    return run


@transaction.atomic
def _hour_failed(run: BackupRun, failures: list[Exception]) -> None:
    """Told once an hour."""
    was_told = run.state == State.FAILED
    run.state, run.finished_at = State.FAILED, timezone.now()
    run.error = "; ".join(reason_of(error) for error in failures)
    run.save()
    log.error("backup.wal_failed", reason=run.error)
    if not was_told:
        record(SYSTEM, "backup.failed", run.resource, facts_of(run), Outcome.FAILED)
        record_event("respaldo.fallido", run.resource, facts_of(run))


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
    last_failure = _last_failure()
    tier = schedule.due(timezone.localtime(), _newest(), last_failure)
    if not tier and _is_archive_broken() and not schedule.is_too_soon(timezone.localtime(), last_failure):
        tier = Tier.DAILY
    return backup_request(actor=SYSTEM, tier=tier) if tier else None


def _is_archive_broken() -> bool:
    """A new copy is where the archive can go on from."""
    newest = BackupRun.objects.filter(tier=Tier.HOURLY).order_by("-copy_id").first()
    return newest is not None and newest.state == State.FAILED and newest.error.startswith(f"{WAL_DAMAGED}:")


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
