"""Correcting what was reported: title, description, area, priority."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.selectors import entries_of
from audit.services import changes
from incidents.case.choices import Grade, Priority
from incidents.case.events import record_change
from incidents.case.models import Incident
from incidents.case.priorities import grades_of, priority_from
from incidents.case.states import works_on
from incidents.case.writing import TEXT_LENGTH, incident_locked, incident_save, require_move, require_version
from incidents.emergencies.services import emergency_heed
from incidents.similar.meaning import vector_forget
from incidents.sla.targets import targets_apply
from incidents.triage.correcting import correction_keep
from prsystem.accounts.selectors import area_by_code
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput, NotAllowed
from prsystem.core.text.fields import checked_line, checked_text

TITLE_LENGTH = 200
EDITS = ("incident.updated", "incident.triaged")


def incident_update(*, actor: Actor, incident_id: int, fields: dict[str, Any], version: int | None = None) -> Incident:
    """Correct what was reported.

    `fields` by the contract's names: titulo, descripcion, area, prioridad, impacto, urgencia. Support may change all of
    them, the reporter title and description while nobody works on it. StaleVersion tells the differences by field.
    """
    with incident_locked(incident_id) as incident:
        before = editable_values(incident)
        require_version(incident, version, lambda: _differences(incident, version, fields, before))
        _require_edit(actor, incident, set(fields))
        _apply(incident, fields)
        after = editable_values(incident)
        difference = changes(before, after)
        if not difference:
            return incident
        for name in ("prioridad", "area"):
            if name in difference:
                correction_keep(actor, incident, name, after[name])
        if {"titulo", "descripcion"} & set(difference):
            now, was = (f"{values['titulo']}\n{values['descripcion']}" for values in (after, before))
            emergency_heed(actor, incident, now, before=was)
            vector_forget(incident)
        targets_apply(incident)
        incident_save(incident)
        record_change(actor, incident, "incident.updated", {**difference, "version": incident.version})
    return incident


def _require_edit(actor: Actor, incident: Incident, names: set[str]) -> None:
    require_move("editar", incident, actor)
    if not works_on(actor, incident) and not names <= {"titulo", "descripcion"}:
        raise NotAllowed()


def editable_values(incident: Incident) -> dict[str, Any]:
    """What may be corrected, by the contract's names."""
    return {
        "titulo": incident.title,
        "descripcion": incident.description,
        "area": incident.area.code,
        "prioridad": incident.priority,
        "impacto": incident.impact,
        "urgencia": incident.urgency,
    }


def _differences(
    incident: Incident, version: int | None, fields: dict[str, Any], now: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Each field that the caller sent: as it was in the version that he saw, as he wants it, as it is."""
    base = _values_at(incident, version or 0, now)
    return {name: {"base": base.get(name), "suyo": fields[name], "actual": now[name]} for name in fields if name in now}


def _values_at(incident: Incident, version: int, now: dict[str, Any]) -> dict[str, Any]:
    """The values at an earlier edit, by taking the changes since then back. The newest change comes first."""
    values = dict(now)
    entries = entries_of(incident.resource).filter(accion__in=EDITS, detalles__version__gt=version)
    for details in entries.order_by("-id").values_list("detalles", flat=True):
        for name in values:
            if isinstance(details.get(name), dict):
                values[name] = details[name]["antes"]
    return values


def _apply(incident: Incident, fields: dict[str, Any]) -> None:
    if "titulo" in fields:
        incident.title = checked_line("titulo", fields["titulo"], TITLE_LENGTH)
    if "descripcion" in fields:
        incident.description = checked_text("descripcion", fields["descripcion"], TEXT_LENGTH)
    if "area" in fields:
        area = area_by_code(fields["area"])
        if area is None:
            raise InvalidInput.field("area", _("Unknown area."))
        incident.area = area
    if {"impacto", "urgencia"} & set(fields):
        incident.impact = _grade("impacto", fields.get("impacto", incident.impact))
        incident.urgency = _grade("urgencia", fields.get("urgencia", incident.urgency))
        incident.priority = priority_from(incident.impact, incident.urgency)
    if "prioridad" in fields:
        if fields["prioridad"] not in Priority.values:
            raise InvalidInput.field("prioridad", _("One of P1, P2, P3, P4."))
        incident.priority = fields["prioridad"]
        incident.impact, incident.urgency = grades_of(incident.priority)


def _grade(name: str, value: int) -> int:
    if value not in Grade.values:
        raise InvalidInput.field(name, _("One of 1 (high), 2 (medium), 3 (low)."))
    return value
