"""A job in hand: its lease is renewed while it is worked on, and only who holds it changes it.

The number of the attempt is the token: who was thought dead and wasn't finds that the job was begun again by another.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.utils import timezone

from prsystem.core.models import Job

from .claiming import LEASE

log = structlog.get_logger(__name__)
RENEW_SECONDS = 10.0


def change(job: Job, **values: Any) -> bool:
    """Change a job in hand; False when it was lost meanwhile: another worker has it, or has finished it."""
    mine = Job.objects.filter(pk=job.pk, state=Job.State.PENDING, attempts=job.attempts)
    if mine.update(**values):
        return True
    log.error("job.lost", job_id=job.pk, kind=job.kind, attempt=job.attempts)
    return False


def finish(job: Job, state: str, reason: str = "") -> bool:
    """Let go of it for good; False when it was lost."""
    return change(job, state=state, finished_at=timezone.now(), leased_until=None, last_error=reason)


def drop(job: Job) -> bool:
    """Let go of it without a trace; False when it was lost."""
    return bool(Job.objects.filter(pk=job.pk, state=Job.State.PENDING, attempts=job.attempts).delete()[0])


@contextmanager
def renewed(job: Job) -> Iterator[None]:
    """Renew the lease from a thread of its own until the block ends. The database's clock counts, on every host."""
    finished = threading.Event()

    def renew() -> None:
        while not finished.wait(RENEW_SECONDS):
            renew_once(job)
        connection.close()

    thread = threading.Thread(target=renew, daemon=True, name=f"lease-{job.pk}")
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()


def renew_once(job: Job) -> None:
    """A database that is away is asked again: whoever held the job goes on holding it when it is back."""
    try:
        change(job, leased_until=Now() + LEASE)
    except DatabaseError as error:
        log.warning("lease.not_renewed", job_id=job.pk, reason=type(error).__name__)
        connection.close()
