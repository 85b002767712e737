"""The audit trail as CSV, as JSON lines, and as events of the Open Cybersecurity Schema Framework (OCSF 1.3).

Rows are read in pages by id and never held all at once. `export_begin` writes down who took what before a byte leaves.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from audit.models import AuditEntry
from audit.services import record
from prsystem.core.context import Actor
from prsystem.core.text.cleaning import csv_line

PAGE = 2000
FIELDS = (
    *("id", "timestamp", "actor_kind", "usuario_id", "actor", "accion", "recurso", "resultado", "detalles", "ip"),
    "request_id",
)
FORMATS = ("csv", "json", "ocsf")

OCSF_VERSION = "1.3.0"
AUTHENTICATION, ACCOUNT_CHANGE, ENTITY_MANAGEMENT = 3002, 3001, 3004
LOGON, LOGOFF, OTHER = 1, 2, 99
_ENTITY_VERBS = {
    1: ("created", "reported", "imported", "file_attached", "commented", "added"),
    2: ("exported", "read", "searched", "viewed"),
    4: ("deleted", "removed", "erased", "retired"),
}


@dataclass(frozen=True)
class Range:
    """Entries from `since` to before `until`; None is no bound."""

    since: datetime | None = None
    until: datetime | None = None

    def as_data(self) -> dict[str, str | None]:
        return {"desde": _text(self.since), "hasta": _text(self.until)}


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@transaction.atomic
def export_begin(*, actor: Actor, form: str, details: dict[str, Any]) -> None:
    """Leave the entry that says who takes the trail out, as what, which part."""
    record(actor, "audit.exported", "auditoria:registro", {"formato": form, **details})


def entries_between(span: Range) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.all()
    if span.since:
        found = found.filter(timestamp__gte=span.since)
    return found.filter(timestamp__lt=span.until) if span.until else found


def export_lines(form: str, entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """The lines of a file, each with its line end. `form` is one of FORMATS."""
    rows = _rows(entries)
    if form == "csv":
        yield csv_line(FIELDS)
        yield from (csv_line([_cell(row[name]) for name in FIELDS]) for row in rows)
        return
    shape: Callable[[dict[str, Any]], dict[str, Any]] = ocsf_event if form == "ocsf" else plain_entry
    yield from (json.dumps(shape(row), ensure_ascii=False) + "\n" for row in rows)


def _rows(entries: QuerySet[AuditEntry]) -> Iterator[dict[str, Any]]:
    last = 0
    while page := list(entries.filter(pk__gt=last).order_by("pk").values(*FIELDS)[:PAGE]):
        yield from page
        last = page[-1]["id"]


def plain_entry(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "timestamp": row["timestamp"].isoformat()}


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def ocsf_event(row: dict[str, Any]) -> dict[str, Any]:
    """An entry as Authentication (3002), Account Change (3001) or Entity Management (3004)."""
    class_uid, activity = _class_of(row["accion"])
    kind, _colon, uid = row["recurso"].partition(":")
    is_ok = row["resultado"] == AuditEntry.Outcome.OK
    event: dict[str, Any] = {
        "category_uid": class_uid // 1000,
        "class_uid": class_uid,
        "activity_id": activity,
        "activity_name": row["accion"],
        "type_uid": class_uid * 100 + activity,
        "time": int(row["timestamp"].timestamp() * 1000),
        "severity_id": 1 if is_ok else 3,
        "status_id": 1 if is_ok else 2,
        "status_detail": row["resultado"],
        "metadata": {
            "version": OCSF_VERSION,
            "product": {"name": "PR-System", "vendor_name": "PR-System"},
            "uid": str(row["id"]),
            "correlation_uid": row["request_id"],
        },
        "actor": {"user": _ocsf_user(row)},
        "unmapped": {"actor_kind": row["actor_kind"], "detalles": row["detalles"]},
    }
    if row["ip"]:
        event["src_endpoint"] = {"ip": row["ip"]}
    if class_uid == ENTITY_MANAGEMENT:
        event["entity"] = {"type": kind, "uid": uid}
    else:
        event["user"] = {"uid": uid} if kind == "usuario" else _ocsf_user(row)
    return event


def _ocsf_user(row: dict[str, Any]) -> dict[str, str]:
    user = {"name": row["actor"]}
    return user if row["usuario_id"] is None else {**user, "uid": str(row["usuario_id"])}


def _class_of(action: str) -> tuple[int, int]:
    subject, _dot, verb = action.partition(".")
    if subject == "session":
        return AUTHENTICATION, {"started": LOGON, "refused": LOGON, "ended": LOGOFF}.get(verb, OTHER)
    if subject in ("user", "grant"):
        return ACCOUNT_CHANGE, {"created": 1, "password_changed": 3}.get(verb, OTHER)
    return ENTITY_MANAGEMENT, next((number for number, verbs in _ENTITY_VERBS.items() if verb in verbs), 3)
