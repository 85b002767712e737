"""Job: what the system makes of a new report. Every automatic value is kept with confidence and reason, and visible.

In this order, for each of area, level and priority: administrators' rules, the shipped words, the model learned from
the site's own cases, the nearest knowledge (area), the language model. The report never decides by itself: values
come from the site's own lists.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from audit.services import changes
from knowledge.services.search import knowledge_search
from prsystem.core.context import SYSTEM

from ..models import Incident, Level, Priority, State, TriageRule, TriageTarget
from ..priorities import grades_of
from ..triage import Rule, first_match, guess_priority
from .events import record_change
from .labelling import model_labels
from .learning import triage_predict
from .lifecycle import incident_locked, incident_save
from .suggesting import asker_rights
from .targets import targets_apply

NEIGHBOURS = 5
AREA_CONFIDENCE = 0.6
LEARNED_CONFIDENCE = {TriageTarget.AREA: 0.6, TriageTarget.LEVEL: 0.6, TriageTarget.PRIORITY: 0.65}


@dataclass(frozen=True)
class Finding:
    """One automatic value. `method` is regla, palabras, aprendido, vecinos or modelo; `reason` what led to it."""

    value: str
    confidence: float
    reason: str
    method: str

    def as_json(self) -> dict[str, Any]:
        return {
            "valor": self.value,
            "confianza": round(self.confidence, 3),
            "motivo": self.reason,
            "metodo": self.method,
        }


Findings = dict[TriageTarget, Finding]


def incident_triage(incident_id: int) -> None:
    """Set priority and level where rules or the model tell them and no person has; propose another area.

    Safe to run twice; touches nothing that a person has decided. An area is only proposed: it decides who may read.
    """
    incident = Incident.objects.select_related("area", "reporter").get(pk=incident_id)
    findings = _findings(incident)
    with incident_locked(incident_id) as incident:
        automatic = dict(incident.automatic)
        before = {"prioridad": incident.priority, "nivel": incident.level}
        if automatic.get("prioridad", {}).get("estado") == "pendiente":
            automatic.pop("prioridad")
            _set_priority(incident, automatic, findings.get(TriageTarget.PRIORITY))
        _set_level(incident, automatic, findings.get(TriageTarget.LEVEL))
        area = findings.get(TriageTarget.AREA)
        if area and area.value != incident.area.code:
            automatic["area"] = area.as_json()
        if automatic == incident.automatic:
            return
        incident.automatic = automatic
        incident_save(incident)
        after = {"prioridad": incident.priority, "nivel": incident.level}
        record_change(SYSTEM, incident, "incident.triaged", {**changes(before, after), "automatico": automatic})


def _set_priority(incident: Incident, automatic: dict[str, Any], finding: Finding | None) -> None:
    if finding is None or incident.state != State.NEW:
        return
    incident.priority = finding.value
    incident.impact, incident.urgency = grades_of(finding.value)
    automatic["prioridad"] = finding.as_json()
    targets_apply(incident)


def _set_level(incident: Incident, automatic: dict[str, Any], finding: Finding | None) -> None:
    """A rule of an administrator moves the report; what was learned is a proposal."""
    if finding is None or "nivel" in automatic or finding.value == incident.level:
        return
    is_untouched = incident.state == State.NEW and incident.level == Level.L1 and incident.assignee_id is None
    if finding.method == "regla" and is_untouched:
        incident.level = finding.value
        targets_apply(incident)
    automatic["nivel"] = finding.as_json()


def _findings(incident: Incident) -> Findings:
    text = f"{incident.title}\n{incident.description}"
    found = _by_rules(incident, text)
    if TriageTarget.PRIORITY not in found and (guess := guess_priority(text)):
        found[TriageTarget.PRIORITY] = Finding(guess.priority, guess.confidence, guess.reason, "palabras")
    for target, least in LEARNED_CONFIDENCE.items():
        if target not in found and (learned := _learned(target, text, least)):
            found[target] = learned
    if TriageTarget.AREA not in found and (neighbours := _area_of_knowledge(incident, text)):
        found[TriageTarget.AREA] = neighbours
    if TriageTarget.PRIORITY not in found:
        found |= {k: v for k, v in _by_model(incident, text).items() if k not in found}
    return found


def _by_rules(incident: Incident, text: str) -> Findings:
    match = first_match(rules_in_order(), text=text, area=incident.area.code, source=incident.source)
    if match is None:
        return {}
    rule, words = match
    reason = rule.name if words == rule.name else f"{rule.name}: {words}"
    given = {
        TriageTarget.PRIORITY: rule.priority,
        TriageTarget.LEVEL: rule.level,
        TriageTarget.AREA: rule.target_area,
    }
    return {target: Finding(value, 1.0, reason, "regla") for target, value in given.items() if value}


def rules_in_order() -> list[Rule]:
    """The enabled rules, first one first."""
    rows = TriageRule.objects.filter(is_enabled=True).select_related("if_area", "set_area")
    return [
        Rule(
            name=row.name,
            area=row.if_area.code if row.if_area else "",
            source=row.if_source,
            words=tuple(line.strip() for line in row.if_words.splitlines() if line.strip()),
            priority=row.set_priority,
            level=row.set_level,
            target_area=row.set_area.code if row.set_area else "",
        )
        for row in rows
    ]


def _learned(target: TriageTarget, text: str, least: float) -> Finding | None:
    found = triage_predict(target, text)
    if found is None or found[0].confidence < least:
        return None
    prediction, model = found
    reason = ", ".join(prediction.words) or f"{model.method} v{model.version}"
    return Finding(prediction.label, prediction.confidence, reason, "aprendido")


def _area_of_knowledge(incident: Incident, text: str) -> Finding | None:
    """The area in which most of the nearest knowledge lies."""
    hits = knowledge_search(rights=asker_rights(incident), text=text, limit=NEIGHBOURS).hits
    if len(hits) < NEIGHBOURS:
        return None
    area, votes = Counter(hit.area for hit in hits).most_common(1)[0]
    confidence = votes / len(hits)
    if confidence < AREA_CONFIDENCE:
        return None
    return Finding(area, confidence, ", ".join(h.slug for h in hits if h.area == area), "vecinos")


def _by_model(incident: Incident, text: str) -> Findings:
    """What the language model says, when there is one: only from the lists, never with certainty."""
    labels = model_labels(text, {"prioridad": list(Priority.values)})
    value = labels.get("prioridad")
    return {TriageTarget.PRIORITY: Finding(value, 0.5, labels.get("motivo", ""), "modelo")} if value else {}
