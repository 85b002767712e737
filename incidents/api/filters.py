"""Filters of the incident list: every value is known, or a 400 names the field."""

from collections.abc import Callable, Mapping

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from incidents.case.choices import Level, Priority, State
from incidents.case.models import Incident
from incidents.case.selectors import ORDERS, incidents_filtered
from prsystem.accounts.selectors import area_by_code, user_by_username
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput
from prsystem.core.text.cleaning import has_forbidden_controls

FILTERS = ("estado", "nivel", "prioridad", "area", "asignado_a", "q")
WORDS_LENGTH = 200
MAX_VALUES = 20


def incidents_asked_for(queryset: QuerySet[Incident], query: Mapping[str, str], actor: Actor) -> QuerySet[Incident]:
    """`queryset` narrowed by the query; InvalidInput naming each unknown value."""
    given = {name: str(query.get(name, "")).strip() for name in FILTERS}
    values = {name: value for name, value in given.items() if value}
    errors: dict[str, list[object]] = {}
    for name, value in values.items():
        if problem := _problem_with(name, value):
            errors[name] = [problem]
    if errors:
        raise InvalidInput(errors=errors)
    if values.get("asignado_a") == "yo":
        values["asignado_a"] = actor.label
    return incidents_filtered(queryset, values)


def order_asked_for(query: QueryDict) -> tuple[str, ...]:
    """A unique order; newest first when none is named."""
    name = query.get("orden") or "reciente"
    if name not in ORDERS:
        raise InvalidInput.field("orden", _("One of: %(names)s.") % {"names": ", ".join(ORDERS)})
    return ORDERS[name]


def _problem_with(name: str, value: str) -> object:
    """What is wrong with a filter's value; nothing when it can be used."""
    if has_forbidden_controls(value):
        return _("It holds characters that aren't text (NUL).")
    if name == "q":
        return _("At most %(limit)d characters.") % {"limit": WORDS_LENGTH} if len(value) > WORDS_LENGTH else None
    items = value.split(",")
    unknown = [item for item in items if not _CHECKS[name](item)] if len(items) <= MAX_VALUES else items
    return _("Unknown value: %(value)s.") % {"value": unknown[0][:40]} if unknown else None


_CHECKS: dict[str, Callable[[str], object]] = {
    "estado": lambda item: item in State.values or item == "abierto",
    "nivel": lambda item: item.upper() in Level.values,
    "prioridad": lambda item: item.upper() in Priority.values,
    "area": area_by_code,
    "asignado_a": lambda item: item in ("nadie", "yo") or user_by_username(item),
}
