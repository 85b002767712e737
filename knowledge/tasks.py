"""Celery's side of knowledge: the check that the index says what the database says, and reminders of reviews."""

from celery import shared_task

from .services.indexing import index_request
from .services.lifecycle import reviews_remind


@shared_task(name="knowledge.index_drift_task")
def index_drift_task() -> None:
    index_request()


@shared_task(name="knowledge.reviews_remind_task")
def reviews_remind_task() -> None:
    reviews_remind()
