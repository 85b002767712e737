"""Runs jobs that wait: one by its number, or all of some kinds in the order in which they were made."""

from django.db import transaction

from prsystem.core.jobs import claiming, queue
from prsystem.core.models import Job


def job_run(job_id: int) -> bool:
    """Run one job if it is due, free and alone with its subject, whoever's turn it is; whether it was finished."""
    with transaction.atomic():
        claiming._lock()
        job = claiming._taken(job_id)
    return queue._work(job) if job else False


def run_jobs(*kinds: str) -> int:
    """Run every pending job of these kinds, and those they make; how many ran."""
    done = 0
    while job := Job.objects.filter(kind__in=kinds, state=Job.State.PENDING, attempts=0).order_by("pk").first():
        job_run(job.pk)
        done += 1
    return done
