"""Celery's side of knowledge: the periodic check that the index says what the database says."""

from celery import shared_task

from .services.indexing import index_repair


@shared_task(name="knowledge.index_drift_task")
def index_drift_task() -> None:
    index_repair()
