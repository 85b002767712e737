"""Which job is next: decided in the database when a worker is free, whatever message woke it.

Lanes in their order; within a lane flows (a kind of work, an area, a key, an import) take turns; within a flow the
oldest is first. Claims take turns by a lock, so that what they look at is still so when they write: no two jobs of one
subject are in hand at once, and work that nobody waits for never takes a worker's last process.
"""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from prsystem.core.models import Job

from .statements import IN_HAND, NEXT, TAKE, UNHEARD

LEASE = timedelta(seconds=30)
CLOCK_TOLERANCE = timedelta(seconds=2)  # the clock of the host that made the job may be ahead of the database's
CLAIM_LOCK = 0x5052_534A  # "PRSJ"
# One claim in so many looks at the end of the lanes first, so that a flood of new work doesn't starve the rest.
SHARE = 8
Lane = Job.Lane
IN_ORDER: tuple[int, ...] = (Lane.URGENT, Lane.PEOPLE, Lane.BACKLOG, Lane.AGAIN)
FROM_THE_END = (
    (Lane.BACKLOG, Lane.AGAIN, Lane.URGENT, Lane.PEOPLE),
    (Lane.AGAIN, Lane.BACKLOG, Lane.URGENT, Lane.PEOPLE),
)
WAITED_FOR = frozenset((Lane.URGENT, Lane.PEOPLE))


@dataclass(frozen=True)
class Wanted:
    """Kinds of work that may be claimed: those named, or all but those named. `long` are the kinds of long work."""

    kinds: Sequence[str]
    among: bool
    long: Sequence[str]

    @property
    def is_long(self) -> bool:
        return self.among


@dataclass
class Worker:
    """The Celery worker that this process belongs to: its name, and how many processes it has; 0: none."""

    processes: int = 0
    after: dict[int, str] = field(default_factory=dict)  # by lane, the flow that was served last
    turns: count = field(default_factory=lambda: count(1))  # of int

    @property
    def name(self) -> str:
        """The same in all its processes: of their parent."""
        return f"{socket.gethostname()[:80]}:{os.getppid() if self.processes else os.getpid()}"

    @property
    def most_unwaited(self) -> int:
        """Processes that may do what nobody waits for; the last one is kept for people's work."""
        return max(1, self.processes - 1)

    @property
    def most_long(self) -> int:
        """Of those, the ones that long work may hold: one is left for backlog where there are enough."""
        return max(1, self.processes - 2)


here = Worker()


def claim_next(wanted: Wanted) -> Job | None:
    """Take what is to be done next by this worker."""
    with transaction.atomic():
        _lock()
        turn = next(here.turns)
        order = FROM_THE_END[(turn // SHARE + 1) % 2] if turn % SHARE == 0 else IN_ORDER
        found = _first(wanted, order)
        if found is None:
            return None
        job_id, lane, flow = found
        here.after[lane] = flow
        return _taken(job_id)


def peek(wanted: Wanted) -> tuple[int, str, str] | None:
    """Id, queue and kind of what `claim_next` would take of the work that nobody waits for; None also when this worker
    may not."""
    found = _first(wanted, IN_ORDER if wanted.is_long else (Lane.BACKLOG, Lane.AGAIN))
    return Job.objects.filter(pk=found[0]).values_list("pk", "queue", "kind").first() if found else None


def unheard(again: timedelta, per_flow: int, most: int) -> list[tuple[int, str, str]]:
    """Id, queue and kind of due jobs that nobody was told of for a while, in the order of their turns."""
    given: dict[str, Any] = {"again": again, "per_flow": per_flow, "most": most, "tolerance": CLOCK_TOLERANCE}
    with connection.cursor() as cursor:
        cursor.execute(UNHEARD, given)
        return cursor.fetchall()


def in_hand(subject: str) -> Q:
    """Jobs that a living worker holds for the subject."""
    return Q(state=Job.State.PENDING, subject=subject, leased_until__gte=Now())


def hold(job: Job) -> bool:
    """Insert an unsaved job as taken by this process; False while another one of its subject is in hand."""
    with transaction.atomic():
        _lock()
        if Job.objects.filter(in_hand(job.subject)).exists():
            return False
        job.attempts, job.worker = 1, here.name
        job.save(force_insert=True)
        Job.objects.filter(pk=job.pk).update(leased_until=Now() + LEASE)
    return True


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])


def _first(wanted: Wanted, order: Sequence[int]) -> tuple[int, int, str] | None:
    lanes = [lane for lane in order if lane in _lanes_open(wanted)]
    if not lanes:
        return None
    after = [here.after.get(lane, "") for lane in lanes]
    given: dict[str, Any] = {"lanes": lanes, "after": after, "kinds": list(wanted.kinds), "among": wanted.among}
    given["tolerance"] = CLOCK_TOLERANCE
    with connection.cursor() as cursor:
        cursor.execute(NEXT, given)
        row: tuple[int, int, str] | None = cursor.fetchone()
    return row


def _lanes_open(wanted: Wanted) -> frozenset[int]:
    """What this worker may begin now, by what its processes have in hand."""
    every = frozenset(IN_ORDER)
    if not here.processes:
        return every
    given: dict[str, Any] = {"long": list(wanted.long), "worker": here.name, "waited_for": sorted(WAITED_FOR)}
    with connection.cursor() as cursor:
        cursor.execute(IN_HAND, given)
        unwaited, long = cursor.fetchone()
    if wanted.is_long:
        return every if unwaited < here.most_unwaited and long < here.most_long else frozenset()
    return every if unwaited < here.most_unwaited else WAITED_FOR


def _taken(job_id: int) -> Job | None:
    given: dict[str, Any] = {"id": job_id, "lease": LEASE, "worker": here.name, "tolerance": CLOCK_TOLERANCE}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, given)
        if not cursor.rowcount:
            return None
    return Job.objects.get(pk=job_id)
