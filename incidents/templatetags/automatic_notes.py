"""What the system set or proposes at a case by itself, in sentences for its page."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from ..models import Incident

register = template.Library()
# {"valor", "motivo", "metodo", "confianza"} as `Incident.automatic` keeps it
Automatic = dict[str, Any]
TOLD = ("prioridad", "nivel", "asignado_a", "area")


@register.filter
def automatic_notes(incident: Incident) -> list[str]:
    """One sentence for each value that is still as it was set, and for each proposal while the case is open."""
    found = {name: value for name in TOLD if (value := incident.automatic.get(name, {})).get("valor")}
    notes = []
    if "prioridad" in found:
        notes.append(_priority(found["prioridad"]))
    if "nivel" in found and incident.is_open:
        notes.append(_level(found["nivel"], incident.level))
    if "asignado_a" in found and _is_assigned(incident, found["asignado_a"]["valor"]):
        notes.append(_("Assigned by the rule «%(words)s».") % _words(found["asignado_a"]))
    if "area" in found and incident.is_open:
        notes.append(_area(found["area"]))
    return notes


def _priority(told: Automatic) -> str:
    by_rule = _("Priority %(value)s was set by the rule «%(words)s».")
    by_words = _("Priority %(value)s was set by the words «%(words)s». Change it if it is wrong.")
    return _sentence(told, by_rule if told.get("metodo") == "regla" else by_words)


def _level(told: Automatic, level: str) -> str:
    by_rule = _("Level %(value)s was set by the rule «%(words)s».")
    by_cases = _("Cases like this one were solved in level %(value)s (%(words)s).")
    # A rule sets the level; whatever else is found is only proposed.
    return _sentence({**told, "metodo": "regla"}, by_rule) if told["valor"] == level else _sentence(told, by_cases)


def _area(told: Automatic) -> str:
    by_rule = _("The rule «%(words)s» proposes the area %(value)s.")
    by_cases = _("Similar cases belong to the area %(value)s.")
    return _sentence(told, by_rule if told.get("metodo") == "regla" else by_cases)


def _is_assigned(incident: Incident, username: str) -> bool:
    return incident.assignee is not None and incident.assignee.username == username


def _sentence(told: Automatic, otherwise: str) -> str:
    by_model = _("The language model proposes %(value)s: «%(words)s».")
    return (by_model if told.get("metodo") == "modelo" else otherwise) % _words(told) + _confidence(told)


def _words(told: Automatic) -> dict[str, Any]:
    return {"value": told["valor"], "words": told.get("motivo", "")}


def _confidence(told: Automatic) -> str:
    """` (confidence: 82 %)`; nothing for a value that has none."""
    value = told.get("confianza")
    return " " + _("(confidence: %(percent)d %%)") % {"percent": round(value * 100)} if isinstance(value, float) else ""
