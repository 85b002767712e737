"""When what runs by itself was last seen at work: in the database, so that it is known while Redis is away."""

from datetime import datetime

from django.db.models.functions import Now

from prsystem.core.models import Heartbeat

SWEEP = "sweep"


def heartbeat(name: str) -> None:
    """Something is at work now."""
    if not Heartbeat.objects.filter(name=name).update(at=Now()):
        Heartbeat.objects.bulk_create([Heartbeat(name=name)], ignore_conflicts=True)


def heard_at(name: str) -> datetime | None:
    """When it was last at work; None when it never was."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
