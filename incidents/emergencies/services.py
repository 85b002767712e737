"""Danger to people: marked when a report comes in, declared or called off by people. While it is, the incident is P1
on a clock that never stops, has no proposed procedure, and those who can help are told at once by every channel."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.case.choices import Priority
from incidents.case.events import record_change
from incidents.case.models import Incident
from incidents.case.priorities import grades_of
from incidents.case.writing import incident_locked, incident_save, require_move
from incidents.sla.targets import targets_apply
from incidents.suggestions.models import Suggestion
from incidents.suggestions.proposal import UNFINISHED
from incidents.suggestions.services import assist_enqueue, suggestion_create
from incidents.triage.words import Finding
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.text.fields import checked_line
from prsystem.runtime.selectors import get_setting

from .hearing import report_heard
from .signs import Danger, Kind, dangers_in

REASON_LENGTH = 200
DECLARED, CALLED_OFF = "incident.emergency_declared", "incident.emergency_called_off"
CALLED_OFF_STATE = {"estado": "levantada"}
# How sure a word is; the site's own words are its decision.
CONFIDENCE = {Kind.SITE: 1.0}
BY_WORDS = 0.9


def danger_told(text: str) -> Danger | None:
    """The first danger that a text tells, by the shipped words and those of the site."""
    return next(_dangers_told(text), None)


def _dangers_told(text: str) -> Iterator[Danger]:
    return dangers_in(text, words=get_setting("emergency.words"), never=get_setting("emergency.never"))


def emergency_take(incident: Incident) -> bool:
    """Mark a new report that speaks of danger, in place, before it is saved; whether it does."""
    danger = danger_told(f"{incident.title}\n{incident.description}")
    if danger is None:
        return False
    finding = Finding(danger.kind, CONFIDENCE.get(danger.kind, BY_WORDS), danger.reason, "palabras")
    _mark(incident, finding)
    return True


def emergency_announce(incident: Incident) -> None:
    """In the transaction of the report: the entry that says what told the danger, and the job that tells people."""
    record_change(SYSTEM, incident, DECLARED, {"motivo": incident.emergency_reason})


def emergency_heed(actor: Actor, incident: Incident, text: str, *, before: str = "") -> None:
    """New words about an open incident, within its lock and before it is saved: a kind of danger that they tell marks
    it, unless the words before told that kind too: about those somebody has decided."""
    if incident.is_emergency or not incident.is_open:
        return
    known = {danger.kind for danger in _dangers_told(before)}
    danger = next((danger for danger in _dangers_told(text) if danger.kind not in known), None)
    if danger is None:
        return
    _mark(incident, Finding(danger.kind, CONFIDENCE.get(danger.kind, BY_WORDS), danger.reason, "palabras"))
    proposals_withdraw(incident)
    record_change(actor, incident, DECLARED, {"motivo": incident.emergency_reason, "version": incident.version + 1})


def was_called_off(incident: Incident) -> bool:
    """Whether support said that there is no danger, and nothing has told one since."""
    return bool(incident.automatic.get("emergencia") == CALLED_OFF_STATE)


def emergency_listen(incident_id: int) -> bool:
    """Job: whether a report is an emergency, by meaning where no word has told it yet. Nothing that a person has
    decided is touched, so what was called off stays so."""
    incident = Incident.objects.get(pk=incident_id)
    if incident.is_emergency or not incident.is_open or "emergencia" in incident.automatic:
        return incident.is_emergency
    heard = report_heard(f"{incident.title}\n{incident.description}")
    if heard is None or not heard.is_danger:
        return False
    with incident_locked(incident_id) as incident:
        if incident.is_emergency or not incident.is_open or "emergencia" in incident.automatic:
            return incident.is_emergency
        _mark(incident, Finding(Kind.MEANING, heard.chance, heard.window, "significado"))
        proposals_withdraw(incident)
        incident_save(incident)
        record_change(SYSTEM, incident, DECLARED, {"motivo": incident.emergency_reason, "version": incident.version})
    return True


def proposals_withdraw(incident: Incident) -> None:
    """Those that are still being made are given up: nobody would be shown them."""
    unfinished = incident.suggestions.filter(state__in=UNFINISHED)
    unfinished.update(
        state=Suggestion.State.NO_ANSWER,
        rung=Suggestion.Rung.QUEUE,
        text="",
        record={"motivo": "emergencia"},
        finished_at=timezone.now(),
    )


def emergency_declare(*, actor: Actor, incident_id: int, reason: str = "") -> Incident:
    """A person says that it is one: support of the area, or who reported it."""
    reason = checked_line("motivo", reason, REASON_LENGTH, required=False)
    with incident_locked(incident_id) as incident:
        require_move("emergencia", incident, actor)
        _mark(incident, Finding(Kind.SITE, 1.0, reason or str(_("A person says so.")), "persona"))
        proposals_withdraw(incident)
        incident_save(incident)
        record_change(actor, incident, DECLARED, {"motivo": incident.emergency_reason, "version": incident.version})
    return incident


def emergency_call_off(*, actor: Actor, incident_id: int, reason: str = "") -> Incident:
    """Support says that there is no danger, or none any more: priority and clock go back, a proposal is asked for."""
    reason = checked_line("motivo", reason, REASON_LENGTH, required=False)
    with incident_locked(incident_id) as incident:
        require_move("levantar", incident, actor)
        _unmark(incident)
        incident_save(incident)
        record_change(actor, incident, CALLED_OFF, {"motivo": reason, "version": incident.version})
        if get_setting("suggestions.enabled"):
            suggestion_create(actor, incident)
        assist_enqueue(incident)
    return incident


def _mark(incident: Incident, finding: Finding) -> None:
    before = {"prioridad": incident.priority, "automatica": incident.automatic.pop("prioridad", None)}
    incident.automatic["emergencia"] = {**finding.as_json(), "antes": before}
    incident.automatic["prioridad"] = replace(finding, value=Priority.P1).as_json()
    incident.is_emergency, incident.emergency_reason = True, finding.reason[:REASON_LENGTH]
    incident.priority = Priority.P1
    incident.impact, incident.urgency = grades_of(incident.priority)
    targets_apply(incident)


def _unmark(incident: Incident) -> None:
    """Back to what held before. A priority that a person has set since then stays."""
    before = incident.automatic.get("emergencia", {}).get("antes", {})
    incident.automatic["emergencia"] = dict(CALLED_OFF_STATE)
    incident.is_emergency, incident.emergency_reason = False, ""
    if incident.automatic.pop("prioridad", None) is not None:
        incident.priority = before.get("prioridad", incident.priority)
        incident.impact, incident.urgency = grades_of(incident.priority)
        if before.get("automatica"):
            incident.automatic["prioridad"] = before["automatica"]
    targets_apply(incident)
