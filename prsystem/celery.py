"""The Celery application: Redis is only a doorbell, the work is in the database (core.jobs.queue)."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import celeryd_after_setup, import_modules

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")

app = Celery("prsystem")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_after_setup.connect
def processes_tell(instance: Any, **_given: Any) -> None:
    """In the parent, before its processes are made: how many there will be."""
    from prsystem.core.jobs.claiming import here

    here.processes = int(instance.concurrency)


@import_modules.connect
def clock_set(**_given: Any) -> None:
    """What the apps declare, in the words of Celery's beat. Celery's own receiver has set Django up before this one."""
    from prsystem.core.jobs import schedule

    app.conf.beat_schedule = {
        name: {
            "task": schedule.TASK,
            "args": (name,),
            "schedule": crontab(**vars(each.every)) if isinstance(each.every, schedule.At) else each.every,
            "options": {"expires": each.expires_seconds, "queue": each.queue},
        }
        for name, each in schedule.by_clock().items()
    }
