"""One action on many incidents: each by the service of the single step, in the order of their keys, each with its own
audit entry and events. One that can't be done is told with its reason and doesn't hold up the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.case.models import Incident
from incidents.case.numbers import incident_number
from incidents.case.selectors import incident_get, incidents_visible_to
from incidents.relations import merging
from prsystem.accounts.models import User
from prsystem.core.context import Actor
from prsystem.core.errors import DomainError, InvalidInput, Missing

from . import editing, lifecycle, resolving

MAX_AT_ONCE = 500
Data = Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of one incident: `code` is the error's, empty when it was done."""

    incident_id: int
    code: str = ""
    reason: str = ""

    @property
    def number(self) -> str:
        return incident_number(self.incident_id)

    @property
    def is_done(self) -> bool:
        return not self.code


@dataclass(frozen=True)
class _Step:
    actor: Actor
    user: User
    incident_id: int

    @property
    def ids(self) -> dict[str, Any]:
        return {"actor": self.actor, "incident_id": self.incident_id}


def _claim(step: _Step, data: Data) -> Incident:
    return lifecycle.incident_claim(**step.ids, user=step.user)


def _assign(step: _Step, data: Data) -> Incident:
    return lifecycle.incident_assign(**step.ids, username=data["asignado_a"])


def _release(step: _Step, data: Data) -> Incident:
    return lifecycle.incident_release(**step.ids)


def _escalate(step: _Step, data: Data) -> Incident:
    return lifecycle.incident_escalate(**step.ids, reason=data["motivo"], level=data.get("nivel") or None)


def _wait(step: _Step, data: Data) -> Incident:
    return lifecycle.incident_wait(**step.ids, reason=data["motivo"])


def _resume(step: _Step, data: Data) -> Incident:
    return lifecycle.incident_resume(**step.ids)


def _close(step: _Step, data: Data) -> Incident:
    return resolving.incident_close(**step.ids)


def _priority(step: _Step, data: Data) -> Incident:
    return editing.incident_update(**step.ids, fields={"prioridad": data["prioridad"]})


def _area(step: _Step, data: Data) -> Incident:
    return editing.incident_update(**step.ids, fields={"area": data["area"]})


RUNS: dict[str, Callable[[_Step, Data], Incident]] = {
    "tomar": _claim,
    "asignar": _assign,
    "soltar": _release,
    "escalar": _escalate,
    "prioridad": _priority,
    "area": _area,
    "esperar": _wait,
    "reanudar": _resume,
    "cerrar": _close,
}
MERGE = "fusionar"
ACTIONS = (*RUNS, MERGE)
NEEDED = {
    "asignar": ("asignado_a",),
    "escalar": ("motivo",),
    "prioridad": ("prioridad",),
    "area": ("area",),
    "esperar": ("motivo",),
}


def incidents_act(
    *, actor: Actor, user: User, incident_ids: Sequence[int], action: str, data: Data | None = None
) -> list[Outcome]:
    """Do `action` to up to MAX_AT_ONCE incidents, by the contract's names; what became of each, in the order of ids.

    Raises InvalidInput for an unknown action, missing data, none or too many incidents. Merging is one step: all of
    them, or none with the one reason.
    """
    wanted, data = sorted(set(incident_ids)), data or {}
    _check(wanted, action, data)
    visible = set(incidents_visible_to(actor.rights).filter(pk__in=wanted).values_list("pk", flat=True))
    if action == MERGE:
        return _merged(actor, wanted, visible, data)
    return [
        _outcome(pk, lambda step: RUNS[action](step, data), _Step(actor, user, pk)) if pk in visible else _unseen(pk)
        for pk in wanted
    ]


def _check(wanted: list[int], action: str, data: Data) -> None:
    if action not in ACTIONS:
        raise InvalidInput.field("accion", _("One of: %(names)s.") % {"names": ", ".join(ACTIONS)})
    if not wanted:
        raise InvalidInput.field("ids", _("Choose at least one incident."))
    if len(wanted) > MAX_AT_ONCE:
        raise too_many(len(wanted))
    missing = [name for name in NEEDED.get(action, ()) if not str(data.get(name, "")).strip()]
    if missing:
        raise InvalidInput(errors={f"datos.{name}": [_("This field is required.")] for name in missing})


def too_many(count: int) -> InvalidInput:
    text = _("At most %(limit)d incidents at once; these are %(count)d. Choose fewer, or narrow the filter.")
    return InvalidInput.field("ids", text % {"limit": MAX_AT_ONCE, "count": count})


def _outcome(pk: int, run: Callable[[_Step], object], step: _Step) -> Outcome:
    try:
        run(step)
    except DomainError as error:
        return _refused(pk, error)
    return Outcome(pk)


def _refused(pk: int, error: DomainError) -> Outcome:
    told = next((messages[0] for messages in error.errors.values() if messages), error.message)
    return Outcome(pk, error.code, str(told))


def _unseen(pk: int) -> Outcome:
    return _refused(pk, Missing())


def _merged(actor: Actor, wanted: list[int], visible: set[int], data: Data) -> list[Outcome]:
    """Into the one named, or into the oldest of those chosen."""
    survivor = merge_target(actor, wanted, data)
    others = [pk for pk in wanted if pk != survivor]
    unseen = [_unseen(pk) for pk in others if pk not in visible]
    seen = [pk for pk in others if pk in visible]
    if not seen:
        return unseen
    try:
        merging.incidents_merge(actor=actor, incident_ids=seen, into_id=survivor)
    except InvalidInput:
        raise
    except DomainError as error:
        return sorted([*unseen, *(_refused(pk, error) for pk in seen)], key=lambda row: row.incident_id)
    return sorted([*unseen, *(Outcome(pk) for pk in seen)], key=lambda row: row.incident_id)


def merge_target(actor: Actor, wanted: Sequence[int], data: Data) -> int:
    """The incident that stays: the one named in `en`, else the oldest of those chosen that the actor may see."""
    if named := str(data.get("en") or "").strip():
        return incident_get(actor.rights, named).pk
    oldest = incidents_visible_to(actor.rights).filter(pk__in=wanted).order_by("pk").first()
    if oldest is None:
        raise Missing()
    return oldest.pk
