"""Parked jobs tried again from the console, each with its audit entry."""

from collections.abc import Iterable

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import ngettext

from .models import Job
from .queue import job_unpark

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
