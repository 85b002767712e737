"""What is known of reports of other systems, and of windows of maintenance."""

from datetime import datetime

from django.db.models import Max, Q
from django.utils import timezone

from incidents.case.models import Incident

from .models import MaintenanceWindow, StormReference


def incident_referred(source: str, reference: str) -> Incident | None:
    """The incident that another system knows by this reference: reported with it, or counted into."""
    by_reference = Q(source=source, external_reference=reference)
    counted = StormReference.objects.filter(source=source, reference=reference).values("incident")
    return Incident.objects.select_related("area").filter(by_reference | Q(pk__in=counted)).first()


def maintenance_end(area_id: int, source: str) -> datetime | None:
    """The end of the maintenance window that is on for what this system reports in this area; None without one."""
    concerned = Q(area=None) | Q(area=area_id)
    windows = MaintenanceWindow.objects.filter(concerned, Q(source="") | Q(source__iexact=source))
    now = timezone.now()
    return windows.filter(starts_at__lte=now, ends_at__gt=now).aggregate(end=Max("ends_at"))["end"]
