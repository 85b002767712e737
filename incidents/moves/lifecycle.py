"""The moves of an incident through its states. Each locks the row, checks right, state and edit counter, and leaves
one audit entry; a move that isn't possible raises IllegalMove, a lost race Conflict with who was faster."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import changes
from incidents.answers.keeping import use_failed
from incidents.case.choices import Level, State
from incidents.case.events import Change, record_change
from incidents.case.models import Incident
from incidents.case.states import works_on
from incidents.case.writing import (
    REASON_LENGTH,
    incident_locked,
    incident_save,
    incidents_locked,
    mark_response,
    require_move,
    require_version,
)
from incidents.relations.selectors import children_ids
from incidents.sla.clock import Interval
from incidents.sla.models import IncidentPause
from incidents.sla.targets import pause_add, pause_end, targets_apply
from incidents.triage.correcting import correction_keep
from prsystem.accounts.models import User
from prsystem.accounts.names import person_reference
from prsystem.accounts.selectors import engineers_of
from prsystem.core.context import Actor
from prsystem.core.errors import IllegalMove, InvalidInput
from prsystem.core.text.fields import checked_line

NEXT_LEVEL = {Level.L1: Level.L2, Level.L2: Level.L3}


@contextmanager
def family_locked(incident_id: int, version: int | None = None) -> Iterator[tuple[Incident, list[Incident]]]:
    """As `incident_locked`, with the open children of the incident as well."""
    with transaction.atomic():
        locked = incidents_locked({incident_id, *children_ids(incident_id)})
        incident = locked.pop(incident_id)
        require_version(incident, version)
        yield incident, [child for child in locked.values() if child.is_open]


def incident_claim(*, actor: Actor, user: User, incident_id: int) -> Incident:
    """Take an unassigned incident. One's own again changes nothing; another's raises Conflict naming who has it."""
    with incident_locked(incident_id) as incident:
        if incident.assignee_id == user.pk and incident.state == State.IN_PROGRESS and works_on(actor, incident):
            return incident
        require_move("tomar", incident, actor)
        now = timezone.now()
        pause_end(incident, now)
        incident.assignee, incident.state = user, State.IN_PROGRESS
        mark_response(incident, now)
        incident_save(incident, now)
        record_change(
            actor, incident, "incident.claimed", {"asignado_a": person_reference(user.pk)}, "incidencia.asignada"
        )
    return incident


def incident_assign(*, actor: Actor, incident_id: int, username: str, version: int | None = None) -> Incident:
    """Give it to an engineer of the area."""
    with incident_locked(incident_id, version) as incident:
        require_move("asignar", incident, actor)
        user = engineers_of(incident.area_id).filter(username=username.strip().lower()).first()
        if user is None:
            raise InvalidInput.field("asignado_a", _("Nobody in the support of this area has that name."))
        now = timezone.now()
        change = give_to(incident, user, now)
        incident_save(incident, now)
        record_change(actor, incident, change.action, change.details, change.event)
    return incident


def give_to(incident: Incident, user: User, now: datetime) -> Change:
    """The assignment itself, on a locked incident that the caller saves; what there is to record."""
    before = person_reference(incident.assignee_id)
    incident.assignee = user
    if incident.state == State.NEW:
        incident.state = State.IN_PROGRESS
        mark_response(incident, now)
    details = changes({"asignado_a": before}, {"asignado_a": person_reference(user.pk)})
    return Change(incident, "incident.assigned", details, "incidencia.asignada")


def incident_release(*, actor: Actor, incident_id: int, version: int | None = None) -> Incident:
    """Put it back into the queue of its level."""
    with incident_locked(incident_id, version) as incident:
        require_move("soltar", incident, actor)
        before, now = person_reference(incident.assignee_id), timezone.now()
        pause_end(incident, now)
        incident.assignee, incident.state = None, State.NEW
        incident_save(incident, now)
        record_change(actor, incident, "incident.released", changes({"asignado_a": before}, {"asignado_a": None}))
    return incident


def incident_escalate(
    *, actor: Actor, incident_id: int, reason: str, level: str | None = None, version: int | None = None
) -> Incident:
    """Move it up to the next level, or to the one named: unassigned, with a response target of its own."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with incident_locked(incident_id, version) as incident:
        require_move("escalar", incident, actor)
        wanted = _level_above(incident, level)
        now = timezone.now()
        pause_end(incident, now)
        change = raise_to(actor, incident, wanted, reason, now)
        incident_save(incident, now)
        record_change(actor, incident, change.action, change.details, change.event)
    return incident


def _level_above(incident: Incident, named: str | None) -> str:
    """The level to escalate to: the next one, or the one that was named if it is higher."""
    wanted = named or NEXT_LEVEL[Level(incident.level)]
    if named and named not in Level.values:
        raise InvalidInput.field("nivel", _("Unknown value: %(value)s.") % {"value": named[:40]})
    if wanted <= incident.level:
        raise IllegalMove(
            _("It is in %(now)s already: %(level)s is not higher.") % {"now": incident.level, "level": wanted}
        )
    return wanted


def raise_to(
    actor: Actor, incident: Incident, level: str, reason: str, now: datetime, pauses: Iterable[Interval] | None = None
) -> Change:
    """The escalation itself, on a locked incident that doesn't wait and that the caller saves; what there is to record.

    The pauses are read unless they are given.
    """
    before = incident.level
    correction_keep(actor, incident, "nivel", level)
    incident.level, incident.level_since = level, now
    incident.assignee, incident.state, incident.responded_at = None, State.NEW, None
    targets_apply(incident, pauses=pauses)
    details = {**changes({"nivel": before}, {"nivel": level}), "motivo": reason}
    return Change(incident, "incident.escalated", details, "incidencia.escalada")


def incident_wait(*, actor: Actor, incident_id: int, reason: str, version: int | None = None) -> Incident:
    """Stop the clock while somebody else has to act."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with incident_locked(incident_id, version) as incident:
        require_move("esperar", incident, actor)
        now = timezone.now()
        incident.state, incident.waiting_since, incident.waiting_reason = State.WAITING, now, reason
        incident_save(incident, now)
        record_change(actor, incident, "incident.waiting", {"motivo": reason})
    return incident


def incident_resume(*, actor: Actor, incident_id: int, version: int | None = None) -> Incident:
    """Go on: the working time waited is added to the targets."""
    with incident_locked(incident_id, version) as incident:
        require_move("reanudar", incident, actor)
        now = timezone.now()
        pause_end(incident, now)
        incident.state = State.IN_PROGRESS if incident.assignee_id else State.NEW
        incident_save(incident, now)
        record_change(actor, incident, "incident.resumed", {"pausado_segundos": incident.paused_seconds})
    return incident


def incident_reopen(*, actor: Actor, incident_id: int, reason: str, version: int | None = None) -> Incident:
    """It isn't solved after all: back to its engineer, or to the queue. The time that it was resolved doesn't count,
    nor do the votes for the articles that it was resolved with: that speaks against them."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with incident_locked(incident_id, version) as incident:
        require_move("reabrir", incident, actor)
        now = timezone.now()
        incident.state = State.IN_PROGRESS if incident.assignee_id else State.NEW
        pause_add(incident, incident.resolved_at or now, now, IncidentPause.Kind.RESOLVED)
        incident.resolved_at = incident.closed_at = None
        incident.reopened_count += 1
        incident_save(incident, now)
        use_failed(actor=actor, incident=incident)
        record_change(actor, incident, "incident.reopened", {"motivo": reason}, "incidencia.reabierta")
    return incident
