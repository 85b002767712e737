"""Correcting what was reported: title, description, area, priority."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.services import changes
from prsystem.accounts.selectors import area_by_code
from prsystem.core.context import Actor
from prsystem.core.errors import IllegalMove, InvalidInput, NotAllowed
from prsystem.core.fields import checked_line, checked_text

from ..models import Grade, Incident, Priority, State
from ..priorities import grades_of, priority_from
from .correcting import correction_keep
from .events import record_change
from .lifecycle import TEXT_LENGTH, incident_locked, incident_save, is_reporter, may_work
from .targets import targets_apply

TITLE_LENGTH = 200


def incident_update(*, actor: Actor, incident_id: int, fields: dict[str, Any], version: int | None = None) -> Incident:
    """Correct what was reported.

    `fields` by the contract's names: titulo, descripcion, area, prioridad, impacto, urgencia. Support may change all of
    them, the reporter title and description while nobody works on it.
    """
    with incident_locked(incident_id, version) as incident:
        _require_edit(actor, incident, set(fields))
        before = _editable(incident)
        _apply(incident, fields)
        after = _editable(incident)
        difference = changes(before, after)
        if not difference:
            return incident
        for name in ("prioridad", "area"):
            if name in difference:
                correction_keep(actor, incident, name, after[name])
        targets_apply(incident)
        incident_save(incident)
        record_change(actor, incident, "incident.updated", difference)
    return incident


def _require_edit(actor: Actor, incident: Incident, names: set[str]) -> None:
    if not incident.is_open:
        raise IllegalMove(_("A finished incident isn't changed; reopen it first."))
    if may_work(actor, incident):
        return
    own = is_reporter(actor, incident) and incident.state == State.NEW and names <= {"titulo", "descripcion"}
    if not own:
        raise NotAllowed()


def _editable(incident: Incident) -> dict[str, Any]:
    return {
        "titulo": incident.title,
        "descripcion": incident.description,
        "area": incident.area.code,
        "prioridad": incident.priority,
        "impacto": incident.impact,
        "urgencia": incident.urgency,
    }


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
