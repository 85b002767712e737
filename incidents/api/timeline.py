"""The timeline of an incident: what was done and what was said, oldest first."""

from datetime import datetime
from typing import Any

from audit.models import AuditEntry
from audit.selectors import entries_of
from incidents.case.look.timeline import is_internal
from incidents.case.models import Comment, Incident
from incidents.case.shapes import moment
from incidents.relations.selectors import comments_visible_to
from prsystem.accounts.names import people_of, with_names
from prsystem.accounts.selectors import usernames_of
from prsystem.core.rights import Rights

# A reporter sees what happened to the report, not how support works on it.
PUBLIC_ACTIONS = {
    "incident.reported",
    "incident.imported",
    "incident.updated",
    "incident.claimed",
    "incident.assigned",
    "incident.released",
    "incident.escalated",
    "incident.waiting",
    "incident.resumed",
    "incident.resolved",
    "incident.closed",
    "incident.reopened",
    "incident.merged",
    "incident.unmerged",
    "incident.file_attached",
}
PUBLIC_DETAILS = {"asignado_a", "nivel", "prioridad", "titulo", "descripcion", "area", "motivo", "archivo", "en"}
MAX_ENTRIES = 1000


def timeline_of(rights: Rights, incident: Incident) -> list[dict[str, Any]]:
    """The newest MAX_ENTRIES of each kind that the asker may see, oldest first. Four queries at most."""
    is_support = incident.area_id in rights.reads_incidents
    entries = entries_of(incident.resource).exclude(accion="incident.commented").order_by("-id")
    if not is_support:
        entries = entries.filter(accion__in=PUBLIC_ACTIONS)
    comments = comments_visible_to(rights, incident).order_by("-id")
    shown = [entry for entry in entries[:MAX_ENTRIES] if is_support or not is_internal(entry)]
    names = usernames_of(number for entry in shown for number in people_of(entry.detalles))
    rows = [_entry(entry, is_support, names) for entry in shown]
    rows += [_comment(comment) for comment in comments[:MAX_ENTRIES]]
    return [row for _at, _kind, _pk, row in sorted(rows, key=lambda found: found[:3])]


Row = tuple[datetime, str, int, dict[str, Any]]


def _entry(entry: AuditEntry, is_support: bool, names: dict[int, str]) -> Row:
    details = with_names(entry.detalles, names)
    if not is_support:
        details = {name: value for name, value in details.items() if name in PUBLIC_DETAILS}
    row = {
        "tipo": "cambio",
        "id": f"cambio:{entry.pk}",
        "momento": moment(entry.timestamp),
        "actor": entry.actor,
        "accion": entry.accion,
        "detalles": details,
        "cuerpo": "",
        "interno": False,
    }
    return entry.timestamp, "cambio", entry.pk, row


def _comment(comment: Comment) -> Row:
    row: dict[str, Any] = {
        "tipo": "comentario",
        "id": f"comentario:{comment.pk}",
        "momento": moment(comment.created_at),
        "actor": comment.author_label,
        "accion": "incident.commented",
        "detalles": {},
        "cuerpo": comment.body,
        "interno": comment.is_internal,
    }
    return comment.created_at, "comentario", comment.pk, row
