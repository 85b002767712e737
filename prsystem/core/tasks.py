"""Celery's side of the queue and of the clock: its only two tasks."""

from typing import Any

from celery import shared_task

from .jobs import queue, schedule


@shared_task(name="core.job_run_task", bind=True)
def job_run_task(self: Any, job_id: int) -> None:
    """A message only says that there is work, and how long it may take; its id is for workers of the version before."""
    _hard, soft = self.request.timelimit or (None, None)
    queue.job_work(None if soft == self.soft_time_limit else soft)  # a message without its own carries the general one


@shared_task(name=schedule.TASK)
def by_clock_task(name: str) -> None:
    schedule.run_by_clock(name)
