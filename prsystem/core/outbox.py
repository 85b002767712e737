"""Facts for other systems. `record_event` is called by services inside their transaction."""

from typing import Any

from .models import OutboxEvent


def record_event(event: str, resource: str, payload: dict[str, Any]) -> OutboxEvent:
    """Write the outbox row beside the change. `event` is a name of the contract, e.g. `incidencia.creada`."""
    row = build_event(event, resource, payload)
    row.save(force_insert=True)
    return row


def build_event(event: str, resource: str, payload: dict[str, Any]) -> OutboxEvent:
    """An unsaved event, for services that insert several rows at once."""
    return OutboxEvent(event=event, resource=resource, payload=payload)
