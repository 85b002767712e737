"""Celery's side of the audit trail: heads go out; and sealing goes on, slower, where no sealer runs."""

from contextlib import suppress

from celery import shared_task

from audit.seals.checking import trail_check_regularly
from audit.seals.heads import head_export
from audit.seals.sealing import MAX_BATCH, batch_seal
from prsystem.core.files.stored import StoreAway

MAX_ROUNDS = 20


@shared_task(name="audit.seal_task")
def seal_task() -> None:
    for _round in range(MAX_ROUNDS):
        if batch_seal() < MAX_BATCH:
            return


@shared_task(name="audit.head_export_task")
def head_export_task() -> None:
    """A store that is away gets the head at the next round."""
    with suppress(StoreAway):
        head_export()


@shared_task(name="audit.check_task")
def check_task() -> None:
    trail_check_regularly()
