"""Rows of incident lists: plain values from the database, ready for a template that only writes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.safestring import SafeString

from prsystem.core.rights import Rights
from prsystem.core.templatetags.ui import ago, face

from .badges import level_tag, priority_tag, sla_chip, state_tag
from .models import OPEN_STATES
from .numbers import incident_number

FIELDS = (
    "id",
    "title",
    "state",
    "level",
    "priority",
    "area_id",
    "area__code",
    "assignee_id",
    "assignee__full_name",
    "assignee__username",
    "waiting_since",
    "responded_at",
    "response_warn_at",
    "response_due_at",
    "resolution_warn_at",
    "resolution_due_at",
    "created_at",
    "updated_at",
    "version",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One incident of a list as it is shown."""

    id: int
    number: str
    url: str
    title: str
    state: SafeString
    level: SafeString
    priority: SafeString
    area: str
    sla: SafeString
    assignee: str
    face: SafeString
    age: SafeString
    can_claim: bool
    version: int


def row_values(incidents: QuerySet) -> QuerySet:
    """The columns that rows need, in one query."""
    return incidents.values(*FIELDS)


def rows_from(values: Iterable[dict[str, Any]], rights: Rights, now: datetime | None = None) -> list[Row]:
    now = now or timezone.now()
    return [_row(value, rights, now) for value in values]


def _row(value: dict[str, Any], rights: Rights, now: datetime) -> Row:
    assignee = value["assignee__full_name"] or value["assignee__username"] or ""
    number = incident_number(value["id"])
    is_free = value["assignee_id"] is None and value["state"] in OPEN_STATES
    return Row(
        id=value["id"],
        number=number,
        url=f"{reverse_lazy('incident_list')}{number}/",
        title=value["title"],
        state=state_tag(value["state"]),
        level=level_tag(value["level"]),
        priority=priority_tag(value["priority"]),
        area=value["area__code"],
        sla=sla_chip(value, now),
        assignee=assignee,
        face=face(assignee, "face-sm"),
        age=ago(value["created_at"]),
        can_claim=is_free and value["area_id"] in rights.works_incidents,
        version=value["version"],
    )


def fingerprint(rows: Iterable[Row], now: datetime | None = None) -> str:
    """Changes when a row does, and every minute since rows show how long ago."""
    minute = int((now or timezone.now()).timestamp() // 60)
    shown = "|".join(f"{row.id}.{row.version}" for row in rows)
    return blake2b(f"{minute}|{shown}".encode(), digest_size=8).hexdigest()
