"""Celery's side of the queue, and the hourly clean-up."""

from celery import shared_task

from . import heartbeats, pruning, queue


@shared_task(name="core.job_run_task")
def job_run_task(job_id: int) -> None:
    queue.job_run(job_id)


@shared_task(name="core.jobs_sweep_task")
def jobs_sweep_task() -> None:
    queue.jobs_sweep()
    heartbeats.heartbeat(heartbeats.SWEEP)


@shared_task(name="core.stale_remove_task")
def stale_remove_task() -> None:
    pruning.stale_remove()
