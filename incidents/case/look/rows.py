"""Rows of incident lists: plain values from the database, shaped by hand into table rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from incidents.case.choices import OPEN_STATES
from incidents.case.numbers import incident_number
from incidents.case.states import MOVES
from prsystem.core.rights import Rights
from prsystem.core.templatetags.ui import face

from .badges import level_tag, priority_tag, sla_chip, state_tag

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
    "occurrences",
    "version",
    "automatic__duplicada__valor",
    "is_emergency",
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
    can_claim: bool
    can_work: bool
    duplicate: str
    is_emergency: bool
    occurrences: int
    version: int


def row_values(incidents: QuerySet) -> QuerySet:
    """The columns that rows need, in one query."""
    return incidents.values(*FIELDS)


def rows_from(values: Iterable[dict[str, Any]], rights: Rights, now: datetime | None = None) -> list[Row]:
    now, base = now or timezone.now(), reverse("incident_list")
    return [_row(value, rights, now, base) for value in values]


def _row(value: dict[str, Any], rights: Rights, now: datetime, base: str) -> Row:
    assignee = value["assignee__full_name"] or value["assignee__username"] or ""
    number = incident_number(value["id"])
    is_free = value["assignee_id"] is None and value["state"] in MOVES["tomar"].states
    works = value["area_id"] in rights.works_incidents
    return Row(
        id=value["id"],
        number=number,
        url=f"{base}{number}/",
        title=value["title"],
        state=state_tag(value["state"]),
        level=level_tag(value["level"]),
        priority=priority_tag(value["priority"]),
        area=value["area__code"],
        sla=sla_chip(value, now),
        assignee=assignee,
        face=face(assignee, "face-sm"),
        can_claim=is_free and works,
        can_work=works,
        duplicate=(value["automatic__duplicada__valor"] or "") if works and value["state"] in OPEN_STATES else "",
        is_emergency=value["is_emergency"],
        occurrences=value["occurrences"],
        version=value["version"],
    )


def fingerprint(rows: Iterable[Row], now: datetime | None = None) -> str:
    """Changes when a row does, and every minute since rows show how long ago."""
    minute = int((now or timezone.now()).timestamp() // 60)
    shown = "|".join(f"{row.id}.{row.version}.{row.occurrences}" for row in rows)
    return blake2b(f"{minute}|{shown}".encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class TableStyle:
    """What a table of rows leaves out, whether rows are chosen for the bar of actions, what its claim forms need."""

    csrf_token: str
    claim_label: str
    hide_level: bool = False
    hide_assignee: bool = False
    is_selectable: bool = False


def rows_html(rows: Iterable[Row], style: TableStyle, note: str = "", is_done: bool = False) -> SafeString:
    """The `<tr>` of every row, joined by hand: a template costs several times the query for fifty of them."""
    return mark_safe("".join(_row_html(row, style, note, is_done) for row in rows))  # noqa: S308 -- parts are escaped


def _row_html(row: Row, style: TableStyle, note: str, is_done: bool) -> str:
    said = f'<span class="row-note{" done" if is_done else ""}" role="status">{escape(note)}</span>' if note else ""
    repeats = f' <span class="repeats">{row.occurrences}×</span>' if row.occurrences > 1 else ""
    same = _("Duplicate of %(number)s?") % {"number": row.duplicate} if row.duplicate else ""
    repeats += f' <span class="pill c-amber">{escape(same)}</span>' if same else ""
    repeats += f' <span class="pill pill-solid">{escape(_("Danger to people"))}</span>' if row.is_emergency else ""
    level = "" if style.hide_level else f'<td class="fit">{row.level}</td>'
    person = _person_html(row) if row.assignee else ""
    assignee = "" if style.hide_assignee else f'<td class="fit">{person}</td>'
    return (
        f'<tr id="fila-{row.id}"><td class="fit code">{_pick_html(row, style)}{row.number}</td>'
        f'<td class="wide"><a class="title" id="t-{row.id}" href="{row.url}">{escape(row.title)}</a>'
        f"{repeats}{said}</td>"
        f'<td class="fit">{row.state}</td>{level}<td class="fit">{row.priority}</td>'
        f'<td class="fit muted">{escape(row.area)}</td><td class="fit">{row.sla}</td>{assignee}'
        f'<td class="fit act">{_claim_html(row, style) if row.can_claim else ""}</td></tr>\n'
    )


def _pick_html(row: Row, style: TableStyle) -> str:
    """The box that chooses the row for the form of actions, which lies outside of the table."""
    if not (style.is_selectable and row.can_work):
        return ""
    return (
        f'<input class="form-check-input pick" type="checkbox" name="ids" value="{row.id}" form="seleccion"'
        f' id="elegir-{row.id}" aria-labelledby="t-{row.id}">'
    )


def _person_html(row: Row) -> str:
    """The first name, which is how people call each other; the whole name is its title."""
    first = row.assignee.split()[0]
    return f'<span class="person" title="{escape(row.assignee)}">{row.face}<span>{escape(first)}</span></span>'


def _claim_html(row: Row, style: TableStyle) -> str:
    shown = {"nivel": not style.hide_level, "asignado": not style.hide_assignee, "seleccion": style.is_selectable}
    left_out = " ".join(name for name, is_in in shown.items() if not is_in)
    return (
        f'<form method="post" action="{row.url}tomar" hx-post="{row.url}tomar"'
        f' hx-target="#fila-{row.id}" hx-swap="outerHTML">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{style.csrf_token}">'
        f'<input type="hidden" name="sin" value="{left_out}">'
        f'<button class="btn" id="tomar-{row.id}" aria-describedby="t-{row.id}">{style.claim_label}</button></form>'
    )
