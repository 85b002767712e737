"""Celery's side of the queue, and the hourly clean-up."""

from typing import Any

from celery import shared_task

from .jobs import heartbeats, pruning, queue


@shared_task(name="core.job_run_task", bind=True)
def job_run_task(self: Any, job_id: int) -> None:
    """A message only says that there is work, and how long it may take; its id is for workers of the version before."""
    _hard, soft = self.request.timelimit or (None, None)
    queue.job_work(None if soft == self.soft_time_limit else soft)  # a message without its own carries the general one


@shared_task(name="core.jobs_sweep_task")
def jobs_sweep_task() -> None:
    queue.jobs_sweep()
    heartbeats.heartbeat(heartbeats.SWEEP)


@shared_task(name="core.stale_remove_task")
def stale_remove_task() -> None:
    pruning.stale_remove()
