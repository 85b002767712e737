"""What every change of an incident leaves behind: the audit entry and, for those others hear of, the outbox row."""

from typing import Any

from audit.services import record
from prsystem.core.context import Actor
from prsystem.core.outbox import record_event

from ..models import Incident
from .notifying import notice_request


def event_payload(incident: Incident, **extra: Any) -> dict[str, Any]:
    """Thin on purpose: ids and codes, no texts and no personal data beyond the user name."""
    return {
        "incidencia_id": str(incident.pk),
        "numero": incident.number,
        "area": incident.area.code,
        "estado": incident.state,
        "nivel": incident.level,
        "prioridad": incident.priority,
        "version": incident.version,
        **extra,
    }


def record_change(
    actor: Actor, incident: Incident, action: str, details: dict[str, Any] | None = None, event: str = "", **extra: Any
) -> None:
    """Audit entry `action`, the job that tells people, and the outbox row `event` of the contract when one is named."""
    entry = record(actor, action, incident.resource, details)
    notice_request(entry, incident, event)
    if event:
        record_event(event, incident.resource, event_payload(incident, **extra))
