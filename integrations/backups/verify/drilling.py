"""The restore drill: a copy is brought back to scratch, asked as the product would be, and timed. A failure opens an
incident that names the object."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import Outcome, record
from integrations.backups.archive.stored import archive_problems
from integrations.backups.encryption import identities_of
from integrations.backups.errors import BackupError, Busy
from integrations.backups.failures import failure_tell
from integrations.backups.locking import alone
from integrations.backups.models import BackupRun
from integrations.backups.selectors import backups_present, last_recoverable
from integrations.backups.services import FAILURES, reason_of, source_server
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.jobs import queue

from . import verifying

log = structlog.get_logger(__name__)
JOB = "backup.drill"


@dataclass
class Drill:
    """`rto_seconds`: how long it took to bring the copy back and prove; `rpo_seconds`: how much would be lost now."""

    copy_id: str
    rto_seconds: float = 0.0
    rpo_seconds: float = 0.0
    rows: int = 0
    files: int = 0
    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "passed": self.passed}


def backup_drill(*, actor: Actor, run: BackupRun) -> Drill:
    """Restore the copy to scratch and report. A failed drill is told and not raised; only Busy is."""
    began, drill = monotonic(), Drill(run.copy_id)
    try:
        with alone(source_server()):
            _go(drill, Path(run.path))
    except Busy:
        raise
    except FAILURES as error:
        drill.problems.append(reason_of(error))
    drill.rto_seconds = round(monotonic() - began, 1)
    drill.rpo_seconds = _lost_now().total_seconds()
    record(actor, "backup.drilled", run.resource, drill.as_json(), Outcome.OK if drill.passed else Outcome.FAILED)
    if not drill.passed:
        _report(drill, run)
    return drill


def drill_request() -> bool:
    """Ask for a drill of the newest copy; False when there is none."""
    run = backups_present().first()
    if run is None:
        return False
    queue.enqueue(JOB, payload={"run_id": run.pk}, queue="bulk", dedup_key=JOB)
    return True


def backup_drill_job(run_id: int) -> None:
    """Job: the weekly drill."""
    backup_drill(actor=SYSTEM, run=BackupRun.objects.get(pk=run_id))


def _go(drill: Drill, folder: Path) -> None:
    if not folder.is_dir():
        raise BackupError("no_copy", f"the folder {folder} of the copy is missing")
    proof = verifying.copy_prove(folder, identities_of(settings.BACKUP_IDENTITY), settings.BACKUP_DIR, only="")
    drill.rows, drill.files, drill.asked = proof.rows, proof.files, proof.asked
    drill.problems = [*proof.problems, *archive_problems()]


def _lost_now() -> timedelta:
    moment: datetime | None = last_recoverable()
    return timezone.now() - moment if moment else timedelta(0)


def _report(drill: Drill, run: BackupRun) -> None:
    title = _("The restore drill of %(copy)s failed") % {"copy": run.copy_id}
    lines = [*drill.problems, "", _("Copy: %(path)s") % {"path": run.path}]
    failure_tell(title, "\n".join(lines), f"simulacro:{run.copy_id}")
    log.error("backup.drill_failed", copy=run.copy_id, problems=len(drill.problems))
