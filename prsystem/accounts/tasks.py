"""Celery's side of accounts: what happens by the clock."""

from celery import shared_task

from .cleaning import stale_remove
from .directory.requests import directory_sync_request


@shared_task(name="accounts.directory_sync_task")
def directory_sync_task() -> None:
    directory_sync_request()


@shared_task(name="accounts.stale_remove_task")
def stale_remove_task() -> None:
    stale_remove()
