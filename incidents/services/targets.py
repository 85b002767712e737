"""Keeps the service targets of an incident in step with its level, priority and pauses."""

from datetime import datetime

from django.conf import settings

from ..models import Incident
from ..sla import RESOLUTION_SECONDS, RESPONSE_SECONDS, Calendar, office_hours, target, working_between

TARGET_FIELDS = ["response_warn_at", "response_due_at", "resolution_warn_at", "resolution_due_at", "paused_seconds"]


def calendar_of(area_id: int) -> Calendar:
    """Working time of an area: Monday to Friday, 9 to 18, in the site's time zone."""
    return office_hours(settings.TIME_ZONE)


def targets_apply(incident: Incident) -> None:
    """Recompute both targets in place. Pauses already counted are kept, whatever changed."""
    calendar = calendar_of(incident.area_id)
    response = target(incident.level_since, RESPONSE_SECONDS[incident.level], calendar)
    resolution = target(
        incident.created_at,
        RESOLUTION_SECONDS[incident.priority],
        calendar,
        paused_seconds=incident.paused_seconds,
    )
    incident.response_warn_at, incident.response_due_at = response.warn_at, response.due_at
    incident.resolution_warn_at, incident.resolution_due_at = resolution.warn_at, resolution.due_at


def pause_end(incident: Incident, now: datetime) -> None:
    """Count the working time waited and move the targets by it."""
    if incident.waiting_since is None:
        return
    waited = working_between(incident.waiting_since, now, calendar_of(incident.area_id))
    incident.paused_seconds += int(waited)
    incident.waiting_since, incident.waiting_reason = None, ""
    targets_apply(incident)
