"""Celery's side of accounts: what happens by the clock."""

from celery import shared_task

from prsystem.accounts.directory.requests import directory_sync_request


@shared_task(name="accounts.directory_sync_task")
def directory_sync_task() -> None:
    directory_sync_request()
