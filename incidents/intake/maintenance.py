"""Maintenance windows: what was reported silently is told when the window is over, if it is still open."""

from django.db import transaction
from django.utils import timezone

from incidents.case.events import event_payload
from incidents.case.models import Incident
from prsystem.core.jobs import queue
from prsystem.core.jobs.outbox import record_event

from .selectors import maintenance_end


def incident_announce(incident_id: int) -> None:
    """Job at the end of a window: tell other systems of an incident that is still open. Safe to run twice."""
    with transaction.atomic():
        locked = Incident.objects.select_for_update()
        incident = locked.get(pk=incident_id)
        if incident.quiet_until is None:
            return
        incident.quiet_until = maintenance_end(incident.area_id, incident.source) if incident.is_open else None
        incident.save(update_fields=["quiet_until"])
        if incident.quiet_until is not None:
            seconds = (incident.quiet_until - timezone.now()).total_seconds()
            queue.enqueue("incident.announce", payload={"incident_id": incident.pk}, delay_seconds=seconds)
        elif incident.is_open:
            record_event("incidencia.creada", incident.resource, event_payload(incident))
