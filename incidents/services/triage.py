"""Job: what the system makes of a new report. Every automatic value is kept with confidence and reason, and visible."""

from collections import Counter

from audit.services import changes
from knowledge.services.search import knowledge_search
from prsystem.core.context import SYSTEM

from ..models import Incident, State
from ..priorities import grades_of
from ..triage import guess_priority
from .events import record_change
from .lifecycle import incident_locked, incident_save
from .suggesting import asker_rights
from .targets import targets_apply

NEIGHBOURS = 5
AREA_CONFIDENCE = 0.6


def incident_triage(incident_id: int) -> None:
    """Set the priority where the reporter gave none, and propose another area when similar knowledge says so.

    Safe to run twice; touches nothing that a person has decided.
    """
    incident = Incident.objects.select_related("area", "reporter").get(pk=incident_id)
    proposal = _area_proposal(incident)
    guess = guess_priority(f"{incident.title}\n{incident.description}")
    with incident_locked(incident_id) as incident:
        automatic = dict(incident.automatic)
        is_open_question = automatic.get("prioridad", {}).get("estado") == "pendiente"
        before = incident.priority
        if is_open_question:
            automatic.pop("prioridad")
            if guess and incident.state == State.NEW:
                incident.priority = guess.priority
                incident.impact, incident.urgency = grades_of(guess.priority)
                reason = {"valor": guess.priority, "confianza": guess.confidence, "motivo": guess.reason}
                automatic["prioridad"] = reason
                targets_apply(incident)
        if proposal:
            automatic["area"] = proposal
        if automatic == incident.automatic:
            return
        incident.automatic = automatic
        incident_save(incident)
        details = {**changes({"prioridad": before}, {"prioridad": incident.priority}), "automatico": automatic}
        record_change(SYSTEM, incident, "incident.triaged", details)


def _area_proposal(incident: Incident) -> dict[str, object] | None:
    """Another area when most of the nearest knowledge lies there; only shown, never applied."""
    text = f"{incident.title}\n{incident.description}"
    hits = knowledge_search(rights=asker_rights(incident), text=text, limit=NEIGHBOURS).hits
    if len(hits) < NEIGHBOURS:
        return None
    area, votes = Counter(hit.area for hit in hits).most_common(1)[0]
    confidence = votes / len(hits)
    if area == incident.area.code or confidence < AREA_CONFIDENCE:
        return None
    return {"valor": area, "confianza": confidence, "motivo": ", ".join(h.slug for h in hits if h.area == area)}
