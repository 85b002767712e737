"""`record` writes an audit entry in the caller's transaction: no entry, no change."""

from typing import Any

from prsystem.core.context import Actor, current
from prsystem.core.database.bulk import insert_many

from .models import AuditEntry
from .redaction import redacted

Outcome = AuditEntry.Outcome


def record(
    actor: Actor, action: str, resource: str, details: dict[str, Any] | None = None, outcome: str = Outcome.OK
) -> AuditEntry:
    """Add one entry. `action` is a dotted event name, `resource` is `<kind>:<id>`, `details` is JSON."""
    entry = build_entry(actor, action, resource, details, outcome)
    entry.save(force_insert=True)
    return entry


def build_entry(
    actor: Actor, action: str, resource: str, details: dict[str, Any] | None = None, outcome: str = Outcome.OK
) -> AuditEntry:
    """An unsaved entry, for services that insert many at once."""
    context = current.get()
    return AuditEntry(
        actor_kind=actor.kind,
        usuario_id=actor.user_id,
        actor=actor.label[:150],
        accion=action,
        recurso=resource,
        resultado=outcome,
        detalles=redacted(details or {}),
        ip=context.ip,
        request_id=context.request_id,
    )


def record_all(entries: list[AuditEntry]) -> None:
    """Add entries made by `build_entry`, in one statement."""
    insert_many(entries)


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """`{"field": {"antes": x, "despues": y}}` for the fields that differ."""
    return {
        name: {"antes": before.get(name), "despues": after[name]} for name in after if before.get(name) != after[name]
    }
