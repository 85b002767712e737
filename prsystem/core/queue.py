"""Row first, message second: jobs live in the database, Celery's message only says that one is there.

A dead broker never stops the change that made the job; the sweep (every 5 s) rings again for whatever is due.
A worker holds a job by a lease that a thread of it renews, so a killed worker's job is free again in LEASE.
A job that crashes its worker is tried MAX_ATTEMPTS times and then parked.
"""

import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerDown
from redis.exceptions import RedisError

from prsystem import celery_app

from . import tracing
from .bulk import insert_many, insert_together
from .context import RequestContext, current
from .models import Job

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 5
LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10.0
CLOCK_TOLERANCE = timedelta(seconds=2)  # the clock of the host that made the job may be ahead of the database's
RING_AGAIN = timedelta(seconds=30)
BACKOFF_SECONDS = (5, 30, 120, 600)
SWEEP_BATCH = 200
BELL_PAUSE_SECONDS = 5.0
BELL_SECONDS = 0.3
GRACE_SECONDS = 60

_URGENCY = Case(When(queue="urgent", then=0), When(queue="normal", then=1), default=2)

_handlers: dict[str, str] = {}
_when_parked: dict[str, str] = {}
_seconds: dict[str, int] = {}
_bell_silent_until = 0.0
_bell = threading.local()


def register(kind: str, handler: str, *, when_parked: str = "", seconds: int = 0) -> None:
    """Bind a job kind to its handler, a dotted path; called from `AppConfig.ready()` of the app that owns the work.

    The path is imported when a job runs: web processes don't load what only workers need.

    `when_parked` is called with the same payload once the last attempt has failed. `seconds` is how long the work may
    take where Celery's general limit is too short; its lease keeps the work from being done twice.
    """
    _handlers[kind] = handler
    if seconds:
        _seconds[kind] = seconds
    if when_parked:
        _when_parked[kind] = when_parked


def enqueue(
    kind: str, *, payload: dict[str, Any], queue: str = "normal", dedup_key: str = "", delay_seconds: float = 0
) -> None:
    """Add a job in the caller's transaction and ring the bell once it is committed.

    Nothing is added when a job with the same `dedup_key` waits already.
    """
    job = build_job(kind, payload=payload, queue=queue, dedup_key=dedup_key, delay_seconds=delay_seconds)
    insert_together([job], skip_known=bool(dedup_key))
    if job.pk and not delay_seconds:
        ring_after_commit(job)


def enqueue_all(jobs: list[Job]) -> None:
    """Add many jobs made by `build_job`, in the caller's transaction; the sweep rings for them."""
    insert_many(jobs)


def build_job(
    kind: str, *, payload: dict[str, Any], queue: str = "normal", dedup_key: str = "", delay_seconds: float = 0
) -> Job:
    """An unsaved job, for services that insert several rows at once and then call `ring_after_commit`."""
    if kind not in _handlers:
        raise KeyError(f"no handler for job kind {kind!r}")
    run_at = timezone.now() + timedelta(seconds=delay_seconds)
    return Job(
        kind=kind,
        queue=queue,
        payload=payload,
        dedup_key=dedup_key,
        run_at=run_at,
        request_id=current.get().request_id,
        trace_parent=tracing.traceparent(),
    )


def ring_after_commit(job: Job) -> None:
    transaction.on_commit(partial(ring, job.pk, job.queue, job.kind))


def ring(job_id: int, queue: str, kind: str) -> None:
    """Tell the workers. Failure is only a delay: the sweep finds the row."""
    global _bell_silent_until
    if monotonic() < _bell_silent_until:
        return
    from .tasks import job_run_task

    try:
        job_run_task.apply_async((job_id,), queue=queue, retry=False, connection=_bell_connection(), **_limits(kind))
    except (BrokerDown, RedisError, OSError) as error:
        _bell_forget()
        _bell_silent_until = monotonic() + BELL_PAUSE_SECONDS
        log.warning("bell.silent", reason=type(error).__name__)


def _limits(kind: str) -> dict[str, int]:
    """Celery's limits for the kind, where it has its own."""
    seconds = _seconds.get(kind)
    return {"soft_time_limit": seconds, "time_limit": seconds + GRACE_SECONDS} if seconds else {}


def _bell_connection() -> Connection:
    """This thread's connection to the broker, which gives up soon: a broker that hangs must not hold a report."""
    if not hasattr(_bell, "connection"):
        options = {**celery_app.conf.broker_transport_options, "socket_timeout": BELL_SECONDS}
        _bell.connection = celery_app.connection_for_write(transport_options=options)
    return _bell.connection


def _bell_forget() -> None:
    """The next ring makes a new connection."""
    connection_lost = _bell.__dict__.pop("connection", None)
    if connection_lost is not None:
        connection_lost.release()


def jobs_due() -> Q:
    """Pending, due, and held by no living worker."""
    return Q(state=Job.State.PENDING, run_at__lte=Now() + CLOCK_TOLERANCE) & (
        Q(leased_until=None) | Q(leased_until__lt=Now())
    )


def jobs_sweep() -> int:
    """Ring for due jobs that weren't rung for in the last RING_AGAIN, by urgency, then oldest first; the count."""
    unheard = Q(rung_at=None) | Q(rung_at__lt=timezone.now() - RING_AGAIN)
    waiting = Job.objects.filter(jobs_due() & unheard).order_by(_URGENCY, "run_at")
    due = list(waiting.values_list("pk", "queue", "kind")[:SWEEP_BATCH])
    Job.objects.filter(pk__in=[row[0] for row in due]).update(rung_at=timezone.now())
    for job_id, queue, kind in due:
        ring(job_id, queue, kind)
    return len(due)


def job_run(job_id: int) -> bool:
    """Run one job if it is due and free; whether it was finished."""
    if not Job.objects.filter(jobs_due(), pk=job_id).update(
        leased_until=timezone.now() + LEASE, attempts=F("attempts") + 1
    ):
        return False
    job = Job.objects.get(pk=job_id)
    if job.attempts > MAX_ATTEMPTS:
        return _park(job, job.last_error or "the worker died every time")
    with _context_of(job), _lease_renewed(job_id):
        try:
            import_string(_handlers[job.kind])(**job.payload)
        except Exception as error:
            tracing.failed(error)
            log.exception("job.failed", job_id=job.pk, kind=job.kind, attempt=job.attempts)
            return _retry(job, traceback.format_exc(limit=-5))
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.DONE, finished_at=timezone.now(), leased_until=None, last_error=""
    )
    return True


@contextmanager
def _lease_renewed(job_id: int) -> Iterator[None]:
    """Renew the lease from a thread of its own until the block ends."""
    finished = threading.Event()

    def renew() -> None:
        while not finished.wait(RENEW_SECONDS):
            Job.objects.filter(pk=job_id).update(leased_until=timezone.now() + LEASE)
        connection.close()

    thread = threading.Thread(target=renew, daemon=True, name=f"lease-{job_id}")
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()


@contextmanager
def _context_of(job: Job) -> Iterator[None]:
    token = current.set(RequestContext(request_id=job.request_id))
    structlog.contextvars.bind_contextvars(request_id=job.request_id, job_id=job.pk)
    try:
        with tracing.job(job.kind, job.pk, job.trace_parent):
            yield
    finally:
        current.reset(token)
        structlog.contextvars.unbind_contextvars("request_id", "job_id")


def _retry(job: Job, reason: str) -> bool:
    if job.attempts >= MAX_ATTEMPTS:
        return _park(job, reason)
    pause = timedelta(seconds=BACKOFF_SECONDS[min(job.attempts, len(BACKOFF_SECONDS)) - 1])
    Job.objects.filter(pk=job.pk).update(leased_until=None, run_at=timezone.now() + pause, last_error=reason)
    return False


def job_unpark(job_id: int) -> bool:
    """Let a parked job start again from its first attempt; False when it isn't parked or an equal one waits."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id, state=Job.State.PARKED).first()
        if job is None:
            return False
        job.state, job.attempts, job.run_at = Job.State.PENDING, 0, timezone.now()
        job.finished_at = job.rung_at = None
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError:  # job_one_pending_per_key
            return False
        transaction.on_commit(partial(ring, job.pk, job.queue, job.kind))
    return True


def _park(job: Job, reason: str) -> bool:
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.PARKED, finished_at=timezone.now(), leased_until=None, last_error=reason
    )
    log.error("job.parked", job_id=job.pk, kind=job.kind)
    if job.kind in _when_parked:
        import_string(_when_parked[job.kind])(**job.payload)
    return False
