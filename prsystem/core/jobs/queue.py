"""Row first, message second: jobs live in the database, Celery's message only says that one is there.

A dead broker never stops the change that made the job; the sweep (every 5 s) rings again for whatever is due.
Whatever a message was sent for, the worker takes what is next (`jobs.claiming`). It holds a job by a lease that a
thread of it renews (`jobs.leases`), so a killed worker's job is soon free again. A job that crashes its worker is tried
MAX_ATTEMPTS times and then parked.
"""

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from hashlib import sha256
from time import sleep
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import import_string

from prsystem.core.context import RequestContext, current
from prsystem.core.database.bulk import insert_many, insert_together
from prsystem.core.models import Job
from prsystem.core.telemetry import tracing

from . import bell, claiming, leases
from .claiming import CLOCK_TOLERANCE, Wanted

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 5
RING_AGAIN = timedelta(seconds=30)
BACKOFF_SECONDS = (5, 30, 120, 600)
SWEEP_BATCH = 200
SWEEP_PER_FLOW = 50
GRACE_SECONDS = 60

HELD_LOOK_SECONDS = 1.0

_LANES = {"urgent": Job.Lane.URGENT, "normal": Job.Lane.PEOPLE}
_lane: ContextVar[int] = ContextVar("lane", default=Job.Lane.PEOPLE)

_handlers: dict[str, str] = {}
_when_parked: dict[str, str] = {}
_seconds: dict[str, int] = {}
_subjects: dict[str, str] = {}
_by_clock: set[str] = set()


def register(
    kind: str, handler: str, *, when_parked: str = "", seconds: int = 0, subject: str = "", by_clock: bool = False
) -> None:
    """Bind a job kind to its handler, a dotted path; declared in the `schedule.py` of the app that owns the work.

    The path is imported when a job runs: web processes don't load what only workers need.

    `when_parked` is called with the same payload once the last attempt has failed. `seconds` is how long the work may
    take where Celery's general limit is too short; such long work never takes a worker's last process. Two jobs of one
    `subject` are never in hand at once; without it that holds for jobs of the same key, else of the same payload. What
    is done `by_clock`, again and again, leaves no row and isn't tried again before its time.
    """
    _handlers[kind] = handler
    _subjects[kind] = subject
    _by_clock.discard(kind)
    if by_clock:
        _by_clock.add(kind)
    if seconds:
        _seconds[kind] = seconds
    if when_parked:
        _when_parked[kind] = when_parked


def enqueue(
    kind: str,
    *,
    payload: dict[str, Any],
    queue: str = "normal",
    dedup_key: str = "",
    delay_seconds: float = 0,
    flow: str = "",
    is_retry: bool = False,
) -> None:
    """Add a job in the caller's transaction and ring the bell once it is committed.

    Nothing is added when a job with the same `dedup_key` waits already. The rest is as in `build_job`.
    """
    job = build_job(
        kind,
        payload=payload,
        queue=queue,
        dedup_key=dedup_key,
        delay_seconds=delay_seconds,
        flow=flow,
        is_retry=is_retry,
    )
    insert_together([job], skip_known=bool(dedup_key))
    if job.pk and not delay_seconds:
        ring_after_commit(job)


def enqueue_all(jobs: list[Job]) -> None:
    """Add many jobs made by `build_job`, in the caller's transaction; the sweep rings for them."""
    insert_many(jobs)


def build_job(
    kind: str,
    *,
    payload: dict[str, Any],
    queue: str = "normal",
    dedup_key: str = "",
    delay_seconds: float = 0,
    flow: str = "",
    is_retry: bool = False,
) -> Job:
    """An unsaved job, for services that insert several rows at once and then call `ring_after_commit`.

    `queue` is urgent, normal (what people wait for) or bulk (backlog, imports, by the clock). `flow` names whose work
    it is where one area, key or import must not keep the others of its kind waiting. `is_retry`: it failed before and
    goes behind everything new.
    """
    if kind not in _handlers:
        raise KeyError(f"no handler for job kind {kind!r}")
    run_at = timezone.now() + timedelta(seconds=delay_seconds)
    return Job(
        kind=kind,
        queue=queue,
        lane=Job.Lane.AGAIN if is_retry else lane_of(queue),
        flow=f"{kind}:{flow}"[:120] if flow else kind,
        subject=_subject_of(kind, payload, dedup_key),
        payload=payload,
        dedup_key=dedup_key,
        run_at=run_at,
        request_id=current.get().request_id,
        trace_parent=tracing.traceparent(),
    )


def lane_of(queue: str) -> int:
    return _LANES.get(queue, Job.Lane.BACKLOG)


def _subject_of(kind: str, payload: dict[str, Any], dedup_key: str) -> str:
    digest = sha256(json.dumps(payload, sort_keys=True, default=str).encode()).hexdigest()[:24]
    return _subjects.get(kind) or dedup_key or f"{kind}:{digest}"


def is_waited_for() -> bool:
    """Whether somebody waits for what is done now: outside a job, or in one of people's new work that isn't long."""
    return _lane.get() in claiming.WAITED_FOR


def _lane_in(job: Job) -> int:
    """The lane that counts while it is done: long work is nobody's turn, whoever asked for it."""
    return job.lane if _is_waited_for(job) else max(job.lane, Job.Lane.BACKLOG)


def ring_after_commit(job: Job) -> None:
    transaction.on_commit(partial(ring, job.pk, job.queue, job.kind))


def ring(job_id: int, queue: str, kind: str) -> None:
    """Tell the workers. Failure is only a delay: the sweep finds the row."""
    bell.ring(job_id, queue, **_limits(kind))


def _limits(kind: str) -> dict[str, int]:
    """Celery's limits for the kind, where it has its own."""
    seconds = _seconds.get(kind)
    return {"soft_time_limit": seconds, "time_limit": seconds + GRACE_SECONDS} if seconds else {}


def jobs_due() -> Q:
    """Pending, due, and held by no living worker."""
    return Q(state=Job.State.PENDING, run_at__lte=Now() + CLOCK_TOLERANCE) & (
        Q(leased_until=None) | Q(leased_until__lt=Now())
    )


def jobs_sweep() -> int:
    """Ring for due jobs that weren't rung for in the last RING_AGAIN, of every flow, in their order; the count."""
    due = claiming.unheard(RING_AGAIN, SWEEP_PER_FLOW, SWEEP_BATCH)
    Job.objects.filter(pk__in=[row[0] for row in due]).update(rung_at=timezone.now())
    for job_id, queue, kind in due:
        ring(job_id, queue, kind)
    return len(due)


def wanted(soft_limit: int | None = None) -> Wanted:
    """What a message lets its worker do: long work that ends within its own limit, else all that isn't long."""
    if soft_limit is None:
        return Wanted(sorted(_seconds), among=False, long=sorted(_seconds))
    fitting = [kind for kind, seconds in _seconds.items() if seconds <= soft_limit]
    return Wanted(sorted(fitting), among=True, long=sorted(_seconds))


def job_work(soft_limit: int | None = None) -> bool:
    """Run what is next for a worker; whether something was finished. After work that nobody waits for the bell rings
    for more of it: meanwhile other messages for it found the worker full, and are gone."""
    job = claiming.claim_next(wanted(soft_limit))
    if job is None:
        return False
    is_done = _work(job)
    if not _is_waited_for(job):
        _ring_for_more()
    return is_done


@contextmanager
def job_held(kind: str) -> Iterator[None]:
    """Do a kind's work in this process, as a job in hand: once no other one of its subject is. Killed or failed, it is
    left to the workers."""
    job = build_job(kind, payload={}, queue="bulk")
    while not claiming.hold(job):
        sleep(HELD_LOOK_SECONDS)
    try:
        with leases.renewed(job):
            yield
    except BaseException:
        leases.change(job, leased_until=None, lane=Job.Lane.AGAIN)
        raise
    _finish(job)


def _is_waited_for(job: Job) -> bool:
    return job.lane in claiming.WAITED_FOR and job.kind not in _seconds


def _ring_for_more() -> None:
    for one in (wanted(), wanted(max(_seconds.values(), default=0))):
        if found := claiming.peek(one):
            ring(*found)


def _work(job: Job) -> bool:
    """The work of a job just claimed."""
    if job.attempts > MAX_ATTEMPTS:
        return _park(job, job.last_error or "the worker died every time")
    with _context_of(job), leases.renewed(job):
        try:
            import_string(_handlers[job.kind])(**job.payload)
        except Exception as error:
            tracing.failed(error)
            log.exception("job.failed", job_id=job.pk, kind=job.kind, attempt=job.attempts)
            return _retry(job, traceback.format_exc(limit=-5))
    return _finish(job)


@contextmanager
def _context_of(job: Job) -> Iterator[None]:
    token, lane = current.set(RequestContext(request_id=job.request_id)), _lane.set(_lane_in(job))
    structlog.contextvars.bind_contextvars(request_id=job.request_id, job_id=job.pk)
    try:
        with tracing.job(job.kind, job.pk, job.trace_parent):
            yield
    finally:
        current.reset(token)
        _lane.reset(lane)
        structlog.contextvars.unbind_contextvars("request_id", "job_id")


def _finish(job: Job) -> bool:
    if job.kind in _by_clock:
        return leases.drop(job)
    return leases.finish(job, Job.State.DONE)


def _retry(job: Job, reason: str) -> bool:
    """Later, behind everything new: what fails must not keep others waiting. By the clock it comes anyway."""
    if job.kind in _by_clock:
        leases.drop(job)
        return False
    if job.attempts >= MAX_ATTEMPTS:
        return _park(job, reason)
    pause = timedelta(seconds=BACKOFF_SECONDS[min(job.attempts, len(BACKOFF_SECONDS)) - 1])
    leases.change(job, leased_until=None, run_at=timezone.now() + pause, last_error=reason, lane=Job.Lane.AGAIN)
    return False


def _park(job: Job, reason: str) -> bool:
    if not leases.finish(job, Job.State.PARKED, reason):
        return False
    log.error("job.parked", job_id=job.pk, kind=job.kind)
    if job.kind in _when_parked:
        import_string(_when_parked[job.kind])(**job.payload)
    return False
