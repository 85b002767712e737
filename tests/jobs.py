"""Runs the jobs that wait, in the order in which they were made."""

from prsystem.core import queue
from prsystem.core.models import Job


def run_jobs(*kinds: str) -> int:
    """Run every pending job of these kinds, and those they make; how many ran."""
    done = 0
    while job := Job.objects.filter(kind__in=kinds, state=Job.State.PENDING, attempts=0).order_by("pk").first():
        queue.job_run(job.pk)
        done += 1
    return done
