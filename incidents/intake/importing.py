"""Incidents of other systems come in: history to learn from and search, or open work that moves here.

An import writes one audit entry per incident and no outbox row: the ERP or MES that sent the file knows its own
tickets, and thousands of them must not become a storm of webhooks. No suggestion is drafted either; the page of an
open incident asks for one when somebody works on it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import AuditEntry
from audit.services import build_entry, record_all
from incidents.case.choices import Priority, State
from incidents.case.models import Incident
from incidents.case.priorities import grades_of
from incidents.sla.targets import targets_apply
from knowledge.services.importing import language_of
from prsystem.accounts.people.area_book import AreaBook
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput
from prsystem.core.imports.rows import (
    Checks,
    Columns,
    ImportResult,
    References,
    Watch,
    checked_moment,
    imports_serialise,
    rows_import,
    title_from,
    unwatched,
)
from prsystem.core.imports.tables import Row, Table
from prsystem.core.text.fields import checked_line, checked_text

from .presets import PRESETS, Preset
from .reporting import DESCRIPTION_LENGTH, REFERENCE_LENGTH, SOURCE_LENGTH, TITLE_LENGTH

IMPORTABLE_STATES = (State.NEW, State.RESOLVED, State.CLOSED)
LABEL_LENGTH = 120
PERSON_LENGTH = 150


@dataclass(frozen=True)
class PastIncident:
    """A checked row of a file."""

    reference: str
    title: str
    description: str
    area_code: str
    state: str
    priority: str
    lang: str
    reported_by: str
    created_at: datetime | None
    resolved_at: datetime | None
    solution: str
    cause: str


class IncidentImporter:
    """Checks and writes rows of incidents. `state` is for rows that don't say theirs."""

    def __init__(
        self, *, actor: Actor, columns: Columns, areas: AreaBook, source: str, state: str, preset: Preset
    ) -> None:
        self.actor, self.columns, self.areas, self.source, self.state = actor, columns, areas, source, state
        self.preset, self.states, self.priorities = preset, preset.known_states(), preset.known_priorities()

    def check(self, row: Row, references: References) -> PastIncident:
        values, checks = self.columns.values(row), Checks()
        told = self.preset.text_of(values["descripcion"]) or values["titulo"]
        text = checks.take(checked_text, "descripcion", told, DESCRIPTION_LENGTH)
        title = checks.take(checked_line, "titulo", values["titulo"], TITLE_LENGTH, required=False)
        solved = self.preset.text_of(values["solucion"])
        solution = checks.take(checked_text, "solucion", solved, DESCRIPTION_LENGTH, required=False)
        resolved_at = checks.take(checked_moment, "resuelto_en", values["resuelto_en"], otherwise=None)
        ended = State.CLOSED if solution or resolved_at else self.state
        item = PastIncident(
            reference=checks.take(checked_line, "referencia", values["referencia"], REFERENCE_LENGTH, required=False)
            or references.of_content(title, text, values["fecha"]),
            title=title or title_from(text),
            description=checks.take(_with_asset, text, values["equipo"]),
            area_code=checks.take(self.areas.code_of, values["area"]),
            state=checks.take(_chosen, "estado", values["estado"], self.states, ended),
            priority=checks.take(_chosen, "prioridad", values["prioridad"], self.priorities, Priority.P3),
            lang=language_of(values["idioma"], f"{title} {text}"),
            reported_by=checks.take(
                checked_line, "reportado_por", values["reportado_por"], PERSON_LENGTH, required=False
            ),
            created_at=checks.take(checked_moment, "fecha", values["fecha"], otherwise=None),
            resolved_at=resolved_at,
            solution=solution,
            cause=checks.take(checked_text, "causa", values["causa"], DESCRIPTION_LENGTH, required=False),
        )
        checks.finish()
        _require_order(item)
        return item

    def known(self, items: list[PastIncident]) -> set[str]:
        found = Incident.objects.filter(source=self.source, external_reference__in=[item.reference for item in items])
        return set(found.values_list("external_reference", flat=True))

    def write(self, items: list[PastIncident]) -> int:
        with transaction.atomic():
            imports_serialise()
            known = self.known(items)
            now = timezone.now()
            incidents = [self._incident(item, now) for item in items if item.reference not in known]
            Incident.objects.bulk_create(incidents)
            record_all([self._entry(incident) for incident in incidents])
        return len(incidents)

    def _entry(self, incident: Incident) -> AuditEntry:
        details = {
            "origen": incident.source,
            "referencia_externa": incident.external_reference,
            "estado": incident.state,
        }
        return build_entry(self.actor, "incident.imported", incident.resource, details)

    def _incident(self, item: PastIncident, now: datetime) -> Incident:
        """Targets are set for open work only: what ended elsewhere was never measured against them."""
        impact, urgency = grades_of(item.priority)
        incident = Incident(
            title=item.title,
            description=item.description,
            area=self.areas.area(item.area_code, self.actor),
            state=item.state,
            priority=item.priority,
            impact=impact,
            urgency=urgency,
            lang=item.lang,
            source=self.source,
            external_reference=item.reference,
            reporter_label=item.reported_by or self.source,
            solution=item.solution,
            cause=item.cause,
            created_at=item.created_at or min(item.resolved_at or now, now),
            updated_at=now,
            level_since=now,
        )
        if item.state == State.NEW:
            targets_apply(incident)
            return incident
        incident.resolved_at = item.resolved_at
        incident.closed_at = (item.resolved_at or now) if item.state == State.CLOSED else None
        return incident


def _with_asset(text: str, raw: str) -> str:
    """The text and the machine it is about."""
    asset = checked_line("equipo", raw, LABEL_LENGTH, required=False)
    label = _("Equipment")  # outside the f-string, where the catalogue's tool finds it
    return f"{text}\n\n{label}: {asset}" if asset else text


def _chosen(name: str, raw: str, choices: dict[str, str], default: str) -> str:
    if not (value := raw.strip().casefold().replace(" ", "_").replace("-", "_")):
        return default
    if value not in choices:
        raise InvalidInput.field(
            name, _("One of: %(choices)s.") % {"choices": ", ".join(dict.fromkeys(choices.values()))}
        )
    return choices[value]


def _require_order(item: PastIncident) -> None:
    if item.created_at and item.resolved_at and item.resolved_at < item.created_at:
        raise InvalidInput.field("resuelto_en", _("It was resolved before it was reported."))


def incidents_import(
    *,
    actor: Actor,
    table: Table,
    areas: AreaBook,
    columns: dict[str, str] | None = None,
    source: str = "",
    preset: str = "",
    state: str = State.NEW,
    dry_run: bool = False,
    skip_errors: bool = False,
    watch: Watch = unwatched,
) -> ImportResult:
    """Import a table of incidents; those whose (source, reference) exists are left as they are.

    `columns` names the column of a field, an empty one switches the field off. `state` is for rows that neither say
    theirs nor hold a solution or a date of resolution; `preset` is a name of PRESETS. Raises UnreadableTable when a
    needed column isn't there.
    """
    known = PRESETS[preset]
    required = [("descripcion", "titulo"), *([] if areas.default else [("area",)])]
    importer = IncidentImporter(
        actor=actor,
        columns=Columns(known.names(), table, columns or {}, required),
        areas=areas,
        source=checked_line("origen", source or known.source, SOURCE_LENGTH),
        state=state,
        preset=known,
    )
    return rows_import(importer, table, dry_run=dry_run, skip_errors=skip_errors, watch=watch)
