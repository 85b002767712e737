"""Job: after a change of calendars or policies, every open incident gets the targets that hold now."""

from typing import Any

from django.db import transaction

from audit.services import build_entry, changes, record_all
from incidents.case.choices import OPEN_STATES
from incidents.case.models import Incident
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.jobs import queue

from .book import FRESH_SECONDS, book_forget, book_load
from .clock import Interval
from .models import BusinessCalendar, IncidentPause
from .rules import Book
from .targets import TARGET_FIELDS, targets_apply

KIND = "sla.recompute"
BATCH = 500
READ = ("id", "area_id", "priority", "level", "source", "is_emergency", "level_since", "created_at", *TARGET_FIELDS)


def sla_recompute_request() -> None:
    """Ask for it in the transaction of the change; it starts when no process uses what held before."""
    book_forget()
    queue.enqueue(KIND, payload={}, queue="bulk", dedup_key=KIND, delay_seconds=FRESH_SECONDS + 2)


def calendar_make_default(*, actor: Actor, calendar_id: int) -> None:
    """The calendar of the site: for areas that have none of their own."""
    with transaction.atomic():
        old = BusinessCalendar.objects.select_for_update().filter(is_default=True).first()
        if old is not None and old.pk == calendar_id:
            return
        BusinessCalendar.objects.filter(is_default=True).update(is_default=False)
        BusinessCalendar.objects.filter(pk=calendar_id).update(is_default=True)
        details = changes({"calendario_id": old.pk if old else None}, {"calendario_id": calendar_id})
        record_all([build_entry(actor, "calendar.made_default", f"calendario:{calendar_id}", details)])
        sla_recompute_request()


def sla_recompute(after_id: int = 0) -> None:
    """Batches in the order of the ids, each a transaction of its own; running it again changes nothing."""
    book = book_load()
    while ids := list(_open_after(after_id)):
        _recompute(ids, book)
        after_id = ids[-1]


def _open_after(after_id: int) -> Any:
    open_ids = Incident.objects.filter(state__in=OPEN_STATES, pk__gt=after_id).order_by("pk")
    return open_ids.values_list("pk", flat=True)[:BATCH]


@transaction.atomic
def _recompute(ids: list[int], book: Book) -> None:
    locked = Incident.objects.select_for_update().filter(pk__in=ids, state__in=OPEN_STATES)
    pauses: dict[int, list[Interval]] = {pk: [] for pk in ids}
    for pk, since, until in IncidentPause.objects.filter(incident__in=ids).values_list(
        "incident_id", "started_at", "ended_at"
    ):
        pauses[pk].append((since, until))
    changed, entries = [], []
    for incident in locked.only(*READ).order_by("pk"):
        before = _targets(incident)
        targets_apply(incident, pauses=pauses[incident.pk], book=book)
        if difference := changes(before, _targets(incident)):
            changed.append(incident)
            entries.append(build_entry(SYSTEM, "incident.retargeted", incident.resource, difference))
    Incident.objects.bulk_update(changed, TARGET_FIELDS, batch_size=BATCH)
    record_all(entries)


def _targets(incident: Incident) -> dict[str, Any]:
    """As the audit trail tells them. Moments to the second: what the database rounds is no change."""
    moments = {
        "respuesta_en_riesgo_en": incident.response_warn_at,
        "respuesta_vence_en": incident.response_due_at,
        "resolucion_en_riesgo_en": incident.resolution_warn_at,
        "resolucion_vence_en": incident.resolution_due_at,
    }
    told = {name: moment.isoformat(timespec="seconds") if moment else None for name, moment in moments.items()}
    return {**told, "pausado_segundos": incident.paused_seconds}
