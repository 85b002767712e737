"""Parked jobs tried again from the console, each with its audit entry."""

from collections.abc import Iterable
from functools import partial

from django.contrib import admin
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from prsystem.core.models import Job

from .queue import lane_of, ring

AT_ONCE = 500


def jobs_retry(request: HttpRequest, jobs: Iterable[Job]) -> int:
    """How many will be tried again; one whose equal waits already, or that isn't parked, is left alone."""
    return len([job for job in jobs if _retry(request, job)])


@transaction.atomic
def _retry(request: HttpRequest, job: Job) -> bool:
    if not job_unpark(job.pk):
        return False
    details = {"state": {"antes": Job.State.PARKED, "despues": Job.State.PENDING}}
    admin.site.record(request, "job.retried", f"job:{job.pk}", details)  # type: ignore[attr-defined]
    return True


def retried_text(count: int) -> str:
    return ngettext("%(n)d job will be tried again.", "%(n)d jobs will be tried again.", count) % {"n": count}


def job_unpark(job_id: int) -> bool:
    """Let a parked job start again from its first attempt; False when it isn't parked or an equal one waits."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id, state=Job.State.PARKED).first()
        if job is None:
            return False
        job.state, job.attempts, job.run_at = Job.State.PENDING, 0, timezone.now()
        job.lane, job.finished_at, job.rung_at = lane_of(job.queue), None, None
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError:  # job_one_pending_per_key
            return False
        transaction.on_commit(partial(ring, job.pk, job.queue, job.kind))
    return True
