"""Job: what the system makes of a new report. Every automatic value is kept with confidence and reason, and visible.

Administrators' rules have been applied when the report came in (`routing`); what they left open is looked for, for each
of area, level and priority, by the shipped words, the model learned from the site's own cases, the nearest knowledge
(area), the language model under a JSON schema. The report never decides by itself: values come from the lists.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from audit.services import changes
from incidents.case.choices import Level, Priority, State
from incidents.case.events import record_change
from incidents.case.models import Incident
from incidents.case.people import asker_rights
from incidents.case.priorities import grades_of
from incidents.case.writing import incident_locked, incident_save
from incidents.sla.targets import targets_apply
from knowledge.services.search import knowledge_search
from prsystem.accounts.selectors import areas_active
from prsystem.core.context import SYSTEM

from .labelling import model_labels
from .models import TriageTarget
from .routing import automatic_told
from .training import triage_predict
from .words import Finding, guess_priority

NEIGHBOURS = 5
AREA_CONFIDENCE = 0.6
MODEL_CONFIDENCE = 0.5
LEARNED_CONFIDENCE = {TriageTarget.AREA: 0.6, TriageTarget.LEVEL: 0.6, TriageTarget.PRIORITY: 0.65}


Findings = dict[TriageTarget, Finding]


def incident_triage(incident_id: int) -> None:
    """Set the priority where words or a model tell it and no rule or person has; propose level and area.

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
        is_ruled = automatic.get("area", {}).get("metodo") == "regla"
        if area and area.value != incident.area.code and not is_ruled:
            automatic["area"] = area.as_json()
        if automatic == incident.automatic:
            return
        incident.automatic = automatic
        incident_save(incident)
        after = {"prioridad": incident.priority, "nivel": incident.level}
        record_change(
            SYSTEM,
            incident,
            "incident.triaged",
            {**changes(before, after), "automatico": automatic_told(incident), "version": incident.version},
        )


def _set_priority(incident: Incident, automatic: dict[str, Any], finding: Finding | None) -> None:
    if finding is None or incident.state != State.NEW:
        return
    incident.priority = finding.value
    incident.impact, incident.urgency = grades_of(finding.value)
    automatic["prioridad"] = finding.as_json()
    targets_apply(incident)


def _set_level(incident: Incident, automatic: dict[str, Any], finding: Finding | None) -> None:
    """What was learned is a proposal; only a rule of an administrator moves a report, when it comes in."""
    if finding is not None and "nivel" not in automatic and finding.value != incident.level:
        automatic["nivel"] = finding.as_json()


def _findings(incident: Incident) -> Findings:
    text = f"{incident.title}\n{incident.description}"
    found: Findings = {}
    if guess := guess_priority(text):
        found[TriageTarget.PRIORITY] = Finding(guess.priority, guess.confidence, guess.reason, "palabras")
    for target, least in LEARNED_CONFIDENCE.items():
        if target not in found and (learned := _learned(target, incident, text, least)):
            found[target] = learned
    if TriageTarget.AREA not in found and (neighbours := _area_of_knowledge(incident, text)):
        found[TriageTarget.AREA] = neighbours
    if missing := [target for target in TriageTarget if target not in found]:
        found |= _by_model(text, missing)
    return found


def _learned(target: TriageTarget, incident: Incident, text: str, least: float) -> Finding | None:
    found = triage_predict(target, text, incident.pk)
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


def _by_model(text: str, missing: Sequence[TriageTarget]) -> Findings:
    """What the language model says of what nothing else has told, when there is one: only from the lists, never with
    certainty."""
    lists = {
        TriageTarget.PRIORITY: list(Priority.values),
        TriageTarget.LEVEL: list(Level.values),
        TriageTarget.AREA: list(areas_active().values_list("code", flat=True)),
    }
    labels = model_labels(text, {target.value: lists[target] for target in missing if lists[target]})
    reason = labels.get("motivo", "")
    return {
        target: Finding(labels[target.value], MODEL_CONFIDENCE, reason, "modelo")
        for target in missing
        if target.value in labels
    }
