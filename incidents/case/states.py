"""The state machine of an incident: what who may do with it now. One rule for pages, API, bulk actions and guards.

Pure: an incident and an actor in, the moves out, or why one is refused.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, DomainError, IllegalMove, NotAllowed

from .choices import OPEN_STATES, Level, State
from .models import Incident

OPEN = frozenset(OPEN_STATES)
EVERY = frozenset(State)


@dataclass(frozen=True)
class Move:
    """In which states support of the area may make it, and in which of them who reported it may as well. `merged` is
    what is said of an incident that was merged; empty where that changes nothing."""

    states: frozenset[State]
    of_reporter: frozenset[State] = frozenset()
    merged: str | Promise = ""


# Those with an address of their own in the API, in the order in which they are told.
MOVES: dict[str, Move] = {
    "tomar": Move(frozenset({State.NEW, State.WAITING})),
    "asignar": Move(OPEN),
    "soltar": Move(frozenset({State.IN_PROGRESS, State.WAITING})),
    "escalar": Move(OPEN),
    "esperar": Move(frozenset({State.IN_PROGRESS})),
    "reanudar": Move(frozenset({State.WAITING})),
    "resolver": Move(frozenset({State.IN_PROGRESS, State.WAITING})),
    "cerrar": Move(frozenset({State.RESOLVED}), frozenset({State.RESOLVED})),
    "reabrir": Move(
        frozenset({State.RESOLVED, State.CLOSED}),
        frozenset({State.RESOLVED, State.CLOSED}),
        _("It was merged into another incident; reopen that one."),
    ),
    "fusionar": Move(OPEN),
}
# What else is done with an incident.
ACTS: dict[str, Move] = {
    "editar": Move(OPEN, frozenset({State.NEW})),
    "prioridad": Move(OPEN),
    "comentar": Move(EVERY, EVERY, _("It was merged into another incident; comment there.")),
    "adjuntar": Move(EVERY, EVERY, _("It was merged into another incident; attach it there.")),
    "dividir": Move(EVERY, merged=_("It was merged into another incident; split that one.")),
    "enlazar": Move(EVERY, merged=_("It was merged into another incident; link that one.")),
    "desenlazar": Move(EVERY),
    "proponer": Move(OPEN, OPEN),
    "emergencia": Move(OPEN, OPEN),
    "levantar": Move(OPEN),
}
ALL = {**MOVES, **ACTS}


def works_on(actor: Actor, incident: Incident) -> bool:
    return incident.area_id in actor.rights.works_incidents


def is_reporter(actor: Actor, incident: Incident) -> bool:
    return actor.user_id is not None and actor.user_id == incident.reporter_id


def permitted_moves(incident: Incident, actor: Actor) -> list[str]:
    """What the actor may do with the incident as it is, by the names of `ALL`: all that is offered, and no more."""
    return [name for name in ALL if refusal_of(name, incident, actor) is None]


def refusal_of(name: str, incident: Incident, actor: Actor) -> DomainError | None:
    """Why the move is refused; None for one that is permitted. Rights come first: who may never do it isn't told in
    which state it would be possible."""
    move = ALL[name]
    works = works_on(actor, incident)
    if not (works or (move.of_reporter and is_reporter(actor, incident))):
        return NotAllowed(_("Only support of the area may do this."))
    if incident.merged_into_id and move.merged:
        return IllegalMove(move.merged)
    if name == "tomar" and incident.is_open and incident.assignee_id not in (None, actor.user_id):
        return Conflict(_("%(name)s has it already.") % {"name": incident.assignee})
    if incident.state not in move.states:
        return IllegalMove(
            _("Not possible while the incident is «%(state)s».") % {"state": incident.get_state_display()}
        )
    if danger := _refused_by_danger(name, incident):
        return IllegalMove(danger)
    if name == "escalar" and incident.level == Level.L3:
        return IllegalMove(_("There is no higher level than %(level)s to go to.") % {"level": incident.level})
    if not works and incident.state not in move.of_reporter:
        return NotAllowed()
    return None


def _refused_by_danger(name: str, incident: Incident) -> str | Promise:
    """Where people may be hurt nobody is told to repair, and help isn't called twice."""
    if incident.is_emergency and name == "proponer":
        return _("This speaks of danger to people: no procedure is proposed until support calls it off.")
    if incident.is_emergency and name == "emergencia":
        return _("It is marked as danger to people already.")
    if not incident.is_emergency and name == "levantar":
        return _("It isn't marked as danger to people.")
    return ""
