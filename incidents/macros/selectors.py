"""Reading macros and checklists, within the asker's rights."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from incidents.case.choices import State
from incidents.case.models import Incident
from prsystem.accounts.selectors import in_areas
from prsystem.core.errors import Missing
from prsystem.core.rights import Rights

from .models import ChecklistItem, ChecklistTemplate, Macro
from .placeholders import filled


def macros_of(rights: Rights) -> QuerySet[Macro]:
    """One's own and everybody's, of the areas that one works in. For support only."""
    if not rights.is_support:
        return Macro.objects.none()
    reach = Q(area=None) | in_areas(rights.works_incidents, "area_id")
    return Macro.objects.filter(Q(owner_id=rights.user_id) | Q(owner=None), reach).select_related("area")


def macros_for(rights: Rights, incident: Incident) -> QuerySet[Macro]:
    """Those that fit the incident's area."""
    return macros_of(rights).filter(Q(area=None) | Q(area_id=incident.area_id))


def macros_offered(rights: Rights, incident: Incident, moves: Collection[str]) -> list[Macro]:
    """Those of them that would be done now: every step of theirs is among the permitted moves."""
    return [macro for macro in macros_for(rights, incident) if _steps_of(macro, incident) <= set(moves)]


def _steps_of(macro: Macro, incident: Incident) -> set[str]:
    """The moves that it makes; one that takes a new incident may put it on hold in the same act."""
    is_taken = macro.assign_to_me and incident.state == State.NEW
    steps = {
        "prioridad": macro.set_priority,
        "asignar": macro.assign_to_me,
        "comentar": macro.body,
        "esperar": macro.wait_reason and not is_taken,
    }
    return {name for name, is_made in steps.items() if is_made}


def macro_get(rights: Rights, macro_id: int) -> Macro:
    found = macros_of(rights).filter(pk=macro_id).first()
    if found is None:
        raise Missing()
    return found


def macro_text(macro: Macro, incident: Incident, who: str) -> str:
    """The macro's text for this incident."""
    values = {
        "numero": incident.number,
        "titulo": incident.title,
        "area": incident.area.name,
        "reporta": str(incident.reporter or incident.reporter_label),
        "yo": who,
    }
    return filled(macro.body, values)


def checklist_of(incident: Incident) -> QuerySet[ChecklistItem]:
    return incident.checklist.select_related("done_by").order_by("id")


def templates_for(area_id: int) -> QuerySet[ChecklistTemplate]:
    return ChecklistTemplate.objects.filter(Q(area=None) | Q(area_id=area_id)).order_by("name")
