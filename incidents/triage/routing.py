"""Administrators' rules: applied to a report when it comes in, and tried out before they are saved."""

from dataclasses import dataclass
from typing import Any

from incidents.case.models import Incident
from incidents.case.priorities import grades_of
from incidents.sla.targets import targets_apply
from prsystem.accounts.names import person_reference
from prsystem.accounts.selectors import engineers_of

from .models import TriageRule
from .words import Finding, Reported, Rule, first_match

PREVIEW_CASES = 50


def incident_route(incident: Incident) -> None:
    """What the first rule that holds says of a new report, in place: priority (unless a person gave one), level and
    assignee are set, another area is proposed, since the area decides who may read. Each value names its rule."""
    match = first_match(rules_in_order(), reported(incident))
    if match is None:
        return
    rule, words = match
    reason = rule.name if words == rule.name else f"{rule.name}: {words}"
    for name, value in rule.given.items():
        if _set(incident, name, value):
            incident.automatic[name] = Finding(value, 1.0, reason, "regla").as_json()
    targets_apply(incident)


def automatic_told(incident: Incident) -> dict[str, Any]:
    """What was set automatically, for the audit trail: the assignee by number."""
    assigned = incident.automatic.get("asignado_a")
    if assigned is None:
        return incident.automatic
    return {**incident.automatic, "asignado_a": {**assigned, "valor": person_reference(incident.assignee_id)}}


def _set(incident: Incident, name: str, value: str) -> bool:
    """Whether the value was taken."""
    if name == "area":
        return value != incident.area.code
    if name == "nivel":
        incident.level = value
        return True
    if name == "asignado_a":
        incident.assignee = engineers_of(incident.area_id).filter(username=value).first()
        return incident.assignee is not None
    if incident.automatic.get("prioridad", {}).get("estado") != "pendiente":
        return False
    incident.priority = value
    incident.impact, incident.urgency = grades_of(value)
    return True


def reported(incident: Incident) -> Reported:
    return Reported(
        text=f"{incident.title}\n{incident.description}",
        area=incident.area.code,
        source=incident.source,
        reporter_id=incident.reporter_id,
        priority=incident.priority,
    )


def rules_in_order() -> list[Rule]:
    """The enabled rules, first one first."""
    rows = TriageRule.objects.filter(is_enabled=True).select_related("if_area", "set_area", "set_assignee")
    return [rule_of(row) for row in rows]


def rule_of(row: TriageRule) -> Rule:
    return Rule(
        name=row.name,
        area=row.if_area.code if row.if_area else "",
        source=row.if_source,
        words=tuple(line.strip() for line in row.if_words.splitlines() if line.strip()),
        reporter_id=row.if_reporter_id,
        if_priority=row.if_priority,
        priority=row.set_priority,
        level=row.set_level,
        target_area=row.set_area.code if row.set_area else "",
        assignee=row.set_assignee.username if row.set_assignee else "",
    )


@dataclass(frozen=True)
class Change:
    """What a rule that isn't saved yet would change of a case: the rule that decided and what it says, before and
    after; empty where none holds."""

    incident: Incident
    rule_before: str
    rule_after: str
    before: dict[str, str]
    after: dict[str, str]


def rule_preview(candidate: TriageRule) -> list[Change]:
    """Those of the newest PREVIEW_CASES cases that would have been routed otherwise, newest first."""
    stored = list(TriageRule.objects.filter(is_enabled=True).select_related("if_area", "set_area", "set_assignee"))
    planned = [row for row in stored if row.pk != candidate.pk]
    if candidate.is_enabled:
        planned.append(candidate)
    planned.sort(key=lambda row: (row.position, row.pk or 2**63))
    old, new = [rule_of(row) for row in stored], [rule_of(row) for row in planned]
    recent = Incident.objects.select_related("area").defer("search", "solution", "cause").order_by("-id")
    found = [_change(incident, old, new) for incident in recent[:PREVIEW_CASES]]
    return [change for change in found if (change.rule_before, change.before) != (change.rule_after, change.after)]


def _change(incident: Incident, old: list[Rule], new: list[Rule]) -> Change:
    report = reported(incident)
    before, after = (match[0] if (match := first_match(rules, report)) else None for rules in (old, new))
    return Change(
        incident,
        before.name if before else "",
        after.name if after else "",
        before.given if before else {},
        after.given if after else {},
    )
