"""The end of an incident: resolved with what was learned, closed. Open children of a parent are never forgotten:
resolving asks what becomes of them, closing warns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.case.choices import State
from incidents.case.events import record_change
from incidents.case.models import Incident
from incidents.case.states import works_on
from incidents.case.writing import TEXT_LENGTH, incident_save, mark_response, require_move
from incidents.sla.targets import pause_end
from knowledge.models import Version
from knowledge.services import Lesson, version_learn
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput, OpenChildren
from prsystem.core.text.fields import checked_text

from .lifecycle import family_locked
from .outcomes import outcome_count

RESOLVE_CHILDREN, LEAVE_CHILDREN = "resolver", "dejar"
SHOWN = 10


@dataclass(frozen=True)
class Resolution:
    """How it was solved. `article` names the article whose next version this is; None makes a new article. `children`
    is what becomes of open children: RESOLVE_CHILDREN, LEAVE_CHILDREN, or None when nobody was asked."""

    solution: str
    cause: str = ""
    article: str | None = None
    publish: bool = False
    children: str | None = None


def incident_resolve(
    *, actor: Actor, incident_id: int, resolution: Resolution, version: int | None = None
) -> tuple[Incident, Version]:
    """Resolve it and learn from it: the solution becomes a version of knowledge in the same transaction.

    The version is a draft until somebody with the right publishes it; `publish` does so at once (NotAllowed without
    the right). Open children get the same solution, or stay; OpenChildren when that wasn't said.
    """
    solution = checked_text("solucion", resolution.solution, TEXT_LENGTH)
    cause = checked_text("causa", resolution.cause, TEXT_LENGTH, required=False)
    with family_locked(incident_id, version) as (incident, open_children):
        require_move("resolver", incident, actor)
        children = [child for child in open_children if works_on(actor, child)]
        _require_answer(resolution.children, children)
        lesson = Lesson(
            area=incident.area,
            lang=incident.lang,
            title=incident.title,
            problem=incident.description,
            cause=cause,
            solution=solution,
            origin=incident.resource,
        )
        learned = version_learn(actor=actor, lesson=lesson, article=resolution.article, publish=resolution.publish)
        outcome_count(actor=actor, incident=incident, solution=solution, learned=learned)
        now = timezone.now()
        incident.solution, incident.cause, incident.learned_version = solution, cause, learned
        _resolve(actor, incident, learned, now)
        for child in children if resolution.children == RESOLVE_CHILDREN else []:
            child.solution, child.cause, child.learned_version = solution, cause, learned
            _resolve(actor, child, learned, now, with_parent=incident.number)
    return incident, learned


def _resolve(actor: Actor, incident: Incident, learned: Version, now: datetime, with_parent: str = "") -> None:
    pause_end(incident, now)
    mark_response(incident, now)
    incident.state, incident.resolved_at = State.RESOLVED, now
    incident_save(incident, now)
    details = {"articulo": learned.article.slug, "version": learned.number, "estado_version": learned.state}
    if with_parent:
        details["con"] = with_parent
    record_change(
        actor, incident, "incident.resolved", details, "incidencia.resuelta", resuelto_por=actor.label,
        articulo=learned.article.slug, conocimiento_version=learned.number,
    )  # fmt: skip


def incident_close(
    *, actor: Actor, incident_id: int, version: int | None = None, children: str | None = None
) -> Incident:
    """End it: the reporter confirms, or support does. With open children support has to say LEAVE_CHILDREN."""
    with family_locked(incident_id, version) as (incident, open_children):
        require_move("cerrar", incident, actor)
        if works_on(actor, incident) and children != LEAVE_CHILDREN and open_children:
            raise OpenChildren(_told(open_children))
        now = timezone.now()
        incident.state, incident.closed_at = State.CLOSED, now
        incident_save(incident, now)
        record_change(actor, incident, "incident.closed", {}, "incidencia.cerrada")
    return incident


def _require_answer(answer: str | None, children: list[Incident]) -> None:
    if answer not in (None, RESOLVE_CHILDREN, LEAVE_CHILDREN):
        raise InvalidInput.field("hijas", _("One of: %(names)s.") % {"names": f"{RESOLVE_CHILDREN}, {LEAVE_CHILDREN}"})
    if children and answer is None:
        raise OpenChildren(_told(children))


def _told(children: Iterable[Incident]) -> object:
    numbers = [child.number for child in children]
    shown = ", ".join(numbers[:SHOWN]) + (" …" if len(numbers) > SHOWN else "")
    return _("It has %(count)d open children (%(numbers)s); say what becomes of them.") % {
        "count": len(numbers),
        "numbers": shown,
    }
