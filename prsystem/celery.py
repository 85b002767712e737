"""The Celery application: Redis is only a doorbell, the work is in the database (core.queue)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")

app = Celery("prsystem")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
