"""Celery's side of integrations: what happens by the clock."""

from celery import shared_task

from integrations.backups.ticking import backups_tick_request
from integrations.backups.verify.drilling import drill_request

from .mail.services import mail_collect_request
from .nodes.services import nodes_seed


@shared_task(name="integrations.backups_tick_task")
def backups_tick_task() -> None:
    backups_tick_request()


@shared_task(name="integrations.backup_drill_task")
def backup_drill_task() -> None:
    drill_request()


@shared_task(name="integrations.nodes_seed_task")
def nodes_seed_task() -> None:
    nodes_seed()


@shared_task(name="integrations.mail_collect_task")
def mail_collect_task() -> None:
    mail_collect_request()
