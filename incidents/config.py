"""What administrators keep for the desk, as sections of the configuration: calendars, policies, rules, texts, views."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incidents.desk.services import FILTERS
from prsystem.core.errors import InvalidInput
from prsystem.runtime.config.of_models import Children, ModelSection
from prsystem.runtime.config.sections import Item
from prsystem.runtime.config.values import person_in_trail

_RECOMPUTE = "incidents.sla.recomputing.sla_recompute_request"
_CONDITIONS = ("if_area", "if_priority", "if_level", "if_source")


@dataclass(frozen=True)
class SharedViewSection(ModelSection):
    """Views that are shared. Their filters name people by user name, as the pages do."""

    def _fill(self, row: models.Model, item: Item) -> dict[str, Any]:
        filters = item.get("filters", {})
        if not isinstance(filters, dict) or not all(isinstance(value, str) for value in filters.values()):
            raise InvalidInput.field("filters", gettext("Names and texts are expected."))
        if unknown := sorted(map(str, set(filters) - set(FILTERS))):
            raise InvalidInput.field("filters", gettext("Unknown names: %(names)s.") % {"names": ", ".join(unknown)})
        return super()._fill(row, item)

    def _in_trail(self, name: str, value: Any) -> Any:
        if name == "filters" and value:
            return {key: person_in_trail(text) if key == "asignado_a" else text for key, text in value.items()}
        return super()._in_trail(name, value)


SECTIONS = (
    ModelSection(
        code="calendars",
        position=20,
        label=_("Calendars"),
        model="incidents.BusinessCalendar",
        key=("name",),
        fields=("zone", "is_always", "country", "subdivision", "is_default"),
        entity="calendar",
        kind="calendario",
        children=(
            Children("spans", ("weekday", "starts", "ends")),
            Children("days", ("day", "every_year", "kind", "starts", "ends", "name")),
            Children("areas", ("area",)),
        ),
        exclusive="is_default",
        after=_RECOMPUTE,
    ),
    ModelSection(
        code="policies",
        position=30,
        label=_("Target policies"),
        model="incidents.SlaPolicy",
        key=("name",),
        fields=(
            *("position", "is_enabled", *_CONDITIONS),
            *("response_l1", "response_l2", "response_l3"),
            *("resolution_p1", "resolution_p2", "resolution_p3", "resolution_p4"),
            *("warn_percent", "calendar"),
        ),
        entity="sla_policy",
        kind="politica",
        after=_RECOMPUTE,
        in_sheet=True,
    ),
    ModelSection(
        code="triage_rules",
        position=40,
        label=_("Triage rules"),
        model="incidents.TriageRule",
        key=("name",),
        fields=(
            *("position", "is_enabled", "if_area", "if_source", "if_words", "if_reporter", "if_priority"),
            *("set_priority", "set_level", "set_area", "set_assignee"),
        ),
        entity="triage_rule",
        in_sheet=True,
    ),
    ModelSection(
        code="escalation_rules",
        position=42,
        label=_("Escalation rules"),
        model="incidents.EscalationRule",
        key=("name",),
        fields=(
            *("position", "is_enabled", "timer", "at_percent", "if_area", "if_priority", "if_level"),
            *("to_level", "assign_to", "notify_assignee", "notify_user", "notify_level"),
        ),
        entity="escalation_rule",
        kind="regla",
        in_sheet=True,
    ),
    ModelSection(
        code="macros",
        position=44,
        label=_("Macros"),
        model="incidents.Macro",
        key=("name",),
        fields=("area", "body", "is_internal", "set_priority", "assign_to_me", "wait_reason"),
        only={"owner": None},  # those of people are theirs
        entity="macro",
    ),
    ModelSection(
        code="checklist_templates",
        position=46,
        label=_("Checklist templates"),
        model="incidents.ChecklistTemplate",
        key=("name",),
        fields=("area", "steps"),
        entity="checklist_template",
    ),
    ModelSection(
        code="maintenance_windows",
        position=48,
        label=_("Maintenance windows"),
        model="incidents.MaintenanceWindow",
        key=("reason",),
        fields=("area", "source", "starts_at", "ends_at"),
        entity="maintenance_window",
        in_file=False,
    ),
    SharedViewSection(
        code="shared_views",
        position=49,
        label=_("Shared views"),
        model="incidents.SavedView",
        key=("slug",),
        fields=("name", "owner", "filters", "order", "role", "area"),
        only={"is_shared": True},
        entity="saved_view",
        kind="vista",
    ),
)

LEFT_OUT = {
    "incidents.ChatModelCandidate": _("it is promoted by an exam on the closed cases of its own site"),
    "incidents.Macro": _("those with an owner belong to a person"),
    "incidents.MaintenanceWindow": _("they are of one day, not of a site"),
    "incidents.SavedView": _("private ones belong to a person"),
}
