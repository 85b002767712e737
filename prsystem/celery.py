"""The Celery application: Redis is only a doorbell, the work is in the database (core.queue)."""

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_after_setup

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")

app = Celery("prsystem")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_after_setup.connect
def processes_tell(instance: Any, **_given: Any) -> None:
    """In the parent, before its processes are made: how many there will be."""
    from prsystem.core.jobs.claiming import here

    here.processes = int(instance.concurrency)
