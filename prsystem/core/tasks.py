"""Celery's side of the queue and of the clock: two tasks, and the names that the version before gave to the second."""

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


# The beat of the version before may go on for a while beside new workers. To be removed after the next version.
NAMES_BEFORE = {
    "accounts.directory_sync_task": "directory-sync",
    "audit.check_task": "audit-verify",
    "audit.head_export_task": "audit-heads",
    "audit.seal_task": "audit-seal",
    "core.jobs_sweep_task": "jobs-sweep",
    "core.stale_remove_task": "stale-remove",
    "incidents.board_mails_request_task": "board-mails",
    "incidents.digests_request_task": "notices-digest",
    "incidents.exam_request_task": "exam",
    "incidents.gaps_find_task": "gaps-find",
    "incidents.sla_sweep_task": "sla-sweep",
    "incidents.triage_learn_task": "triage-learn",
    "incidents.vectors_fill_task": "incident-vectors",
    "integrations.backup_drill_task": "backup-drill",
    "integrations.backups_tick_task": "backups-tick",
    "integrations.mail_collect_task": "mail-collect",
    "integrations.nodes_seed_task": "nodes-seed",
    "knowledge.index_drift_task": "index-drift",
    "knowledge.reviews_remind_task": "reviews-remind",
}


def _as_before(task: str, name: str) -> None:
    @shared_task(name=task)
    def run() -> None:
        schedule.run_by_clock(name)


for _task, _name in NAMES_BEFORE.items():
    _as_before(_task, _name)
