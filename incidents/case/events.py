"""What every change of an incident leaves behind: the audit entry and, for those others hear of, the outbox row. Who
else has to know of changes subscribes; nothing is called from here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.models import AuditEntry
from audit.services import build_entry, record, record_all
from prsystem.core.context import Actor
from prsystem.core.jobs.outbox import build_event, record_event, record_events

from .models import Incident


@dataclass(frozen=True)
class Recorded:
    """A change that was written down: its audit entry, its event of the contract if others hear of it, and the number
    of the entry of what it follows from (0: of nothing)."""

    entry: AuditEntry
    incident: Incident
    event: str = ""
    cause: int = 0


Subscriber = Callable[[Sequence[Recorded]], None]
_subscribers: list[Subscriber] = []


def subscribe(subscriber: Subscriber) -> None:
    """Have it told of every change, within the change's transaction: it writes rows and does nothing slow. Called once,
    in `AppConfig.ready()`."""
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)


def _tell(recorded: Sequence[Recorded]) -> None:
    for subscriber in _subscribers:
        subscriber(recorded)


def event_payload(incident: Incident, **extra: Any) -> dict[str, Any]:
    """Thin on purpose: ids and codes, no texts and no personal data beyond the user name."""
    return {
        "incidencia_id": str(incident.pk),
        "numero": incident.number,
        "area": incident.area.code,
        "estado": incident.state,
        "nivel": incident.level,
        "prioridad": incident.priority,
        "emergencia": incident.is_emergency,
        "version": incident.version,
        **extra,
    }


def record_change(
    actor: Actor, incident: Incident, action: str, details: dict[str, Any] | None = None, event: str = "", **extra: Any
) -> None:
    """Audit entry `action`, what the subscribers make of it, and the outbox row `event` of the contract when one is
    named."""
    entry = record(actor, action, incident.resource, details)
    _tell([Recorded(entry, incident, event)])
    if event:
        record_event(event, incident.resource, event_payload(incident, **extra))


@dataclass(frozen=True)
class Change:
    """What `record_change` takes, of one incident among many. `extra` goes into the event; `cause` is the audit entry
    of what this follows from: a person is told of the whole once."""

    incident: Incident
    action: str
    details: dict[str, Any]
    event: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    cause: int = 0


def record_changes(actor: Actor, changes: Sequence[Change]) -> list[int]:
    """As `record_change` for each, in few statements; the numbers of the audit entries."""
    entries = [build_entry(actor, change.action, change.incident.resource, change.details) for change in changes]
    record_all(entries)
    _tell(
        [
            Recorded(entry, change.incident, change.event, change.cause)
            for entry, change in zip(entries, changes, strict=True)
        ]
    )
    record_events(
        [
            build_event(change.event, change.incident.resource, event_payload(change.incident, **change.extra))
            for change in changes
            if change.event
        ]
    )
    return [entry.pk for entry in entries]
