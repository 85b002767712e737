"""The moves of an incident through its states. Each locks the row, checks right, state and edit counter, and leaves
one audit entry; a move that isn't possible raises IllegalMove, a lost race Conflict with who was faster."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import changes
from knowledge.models import Version
from knowledge.services import Lesson, version_learn
from prsystem.accounts.models import User
from prsystem.accounts.selectors import engineers_of
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, IllegalMove, InvalidInput, Missing, NotAllowed, StaleVersion
from prsystem.core.fields import checked_line, checked_text

from ..models import Incident, IncidentPause, Level, State
from ..states import is_possible
from .correcting import correction_keep
from .events import record_change
from .targets import pause_add, pause_end, targets_apply

REASON_LENGTH = 200
TEXT_LENGTH = 20_000
NEXT_LEVEL = {Level.L1: Level.L2, Level.L2: Level.L3}


@contextmanager
def incident_locked(incident_id: int, version: int | None = None) -> Iterator[Incident]:
    """A transaction that holds the incident's row; StaleVersion when `version` isn't its edit counter any more."""
    with transaction.atomic():
        incident = (
            Incident.objects.select_for_update(of=["self"])
            .select_related("area", "assignee")
            .filter(pk=incident_id)
            .first()
        )
        if incident is None:
            raise Missing()
        require_version(incident, version)
        yield incident


def incidents_locked(incident_ids: Iterable[int]) -> dict[int, Incident]:
    """Incidents by id with their rows held, in the order of their keys so that nobody waits in a circle. Missing when
    one isn't there. In the caller's transaction."""
    wanted = set(incident_ids)
    rows = Incident.objects.select_for_update(of=["self"]).select_related("area", "assignee").filter(pk__in=wanted)
    found = {incident.pk: incident for incident in rows.order_by("pk")}
    if len(found) < len(wanted):
        raise Missing()
    return found


def require_version(incident: Incident, version: int | None) -> None:
    """StaleVersion when somebody else has changed it since the caller looked."""
    if version is not None and version != incident.version:
        raise StaleVersion(
            _("Somebody changed it in the meantime: it is now %(state)s, edit %(version)d, you saw %(seen)d.")
            % {"state": incident.get_state_display(), "version": incident.version, "seen": version}
        )


def may_work(actor: Actor, incident: Incident) -> bool:
    return incident.area_id in actor.rights.works_incidents


def is_reporter(actor: Actor, incident: Incident) -> bool:
    return actor.user_id is not None and actor.user_id == incident.reporter_id


def require_support(actor: Actor, incident: Incident) -> None:
    if not may_work(actor, incident):
        raise NotAllowed(_("Only support of the area may do this."))


def _require_move(move: str, incident: Incident) -> None:
    if not is_possible(move, incident.state):
        raise IllegalMove(
            _("Not possible while the incident is «%(state)s».") % {"state": incident.get_state_display()}
        )


def incident_save(incident: Incident, now: datetime | None = None) -> None:
    incident.version += 1
    incident.updated_at = now or timezone.now()
    incident.save()


def _mark_response(incident: Incident, now: datetime) -> None:
    incident.first_response_at = incident.first_response_at or now
    incident.responded_at = incident.responded_at or now


def incident_claim(*, actor: Actor, user: User, incident_id: int) -> Incident:
    """Take an unassigned incident. One's own again changes nothing; another's raises Conflict naming who has it."""
    with incident_locked(incident_id) as incident:
        require_support(actor, incident)
        if incident.assignee_id == user.pk and incident.state == State.IN_PROGRESS:
            return incident
        if incident.assignee_id not in (None, user.pk):
            raise Conflict(_("%(name)s has it already.") % {"name": incident.assignee})
        _require_move("tomar", incident)
        now = timezone.now()
        pause_end(incident, now)
        incident.assignee, incident.state = user, State.IN_PROGRESS
        _mark_response(incident, now)
        incident_save(incident, now)
        record_change(actor, incident, "incident.claimed", {"asignado_a": user.username}, "incidencia.asignada")
    return incident


def incident_assign(*, actor: Actor, incident_id: int, username: str, version: int | None = None) -> Incident:
    """Give it to an engineer of the area."""
    with incident_locked(incident_id, version) as incident:
        require_support(actor, incident)
        _require_move("asignar", incident)
        user = engineers_of(incident.area_id).filter(username=username.strip().lower()).first()
        if user is None:
            raise InvalidInput.field("asignado_a", _("Nobody in the support of this area has that name."))
        before = incident.assignee.username if incident.assignee else None
        now = timezone.now()
        incident.assignee = user
        if incident.state == State.NEW:
            incident.state = State.IN_PROGRESS
            _mark_response(incident, now)
        incident_save(incident, now)
        details = changes({"asignado_a": before}, {"asignado_a": user.username})
        record_change(actor, incident, "incident.assigned", details, "incidencia.asignada")
    return incident


def incident_release(*, actor: Actor, incident_id: int, version: int | None = None) -> Incident:
    """Put it back into the queue of its level."""
    with incident_locked(incident_id, version) as incident:
        require_support(actor, incident)
        _require_move("soltar", incident)
        before = incident.assignee.username if incident.assignee else None
        now = timezone.now()
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
        require_support(actor, incident)
        _require_move("escalar", incident)
        wanted = level or NEXT_LEVEL.get(Level(incident.level))
        if wanted not in Level.values or wanted <= incident.level:
            raise IllegalMove(_("There is no higher level than %(level)s to go to.") % {"level": incident.level})
        now, before = timezone.now(), incident.level
        pause_end(incident, now)
        correction_keep(actor, incident, "nivel", wanted)
        incident.level, incident.level_since = wanted, now
        incident.assignee, incident.state, incident.responded_at = None, State.NEW, None
        targets_apply(incident)
        incident_save(incident, now)
        details = {**changes({"nivel": before}, {"nivel": wanted}), "motivo": reason}
        record_change(actor, incident, "incident.escalated", details, "incidencia.escalada")
    return incident


def incident_wait(*, actor: Actor, incident_id: int, reason: str, version: int | None = None) -> Incident:
    """Stop the clock while somebody else has to act."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with incident_locked(incident_id, version) as incident:
        require_support(actor, incident)
        _require_move("esperar", incident)
        now = timezone.now()
        incident.state, incident.waiting_since, incident.waiting_reason = State.WAITING, now, reason
        incident_save(incident, now)
        record_change(actor, incident, "incident.waiting", {"motivo": reason})
    return incident


def incident_resume(*, actor: Actor, incident_id: int, version: int | None = None) -> Incident:
    """Go on: the working time waited is added to the targets."""
    with incident_locked(incident_id, version) as incident:
        require_support(actor, incident)
        _require_move("reanudar", incident)
        now = timezone.now()
        pause_end(incident, now)
        incident.state = State.IN_PROGRESS if incident.assignee_id else State.NEW
        incident_save(incident, now)
        record_change(actor, incident, "incident.resumed", {"pausado_segundos": incident.paused_seconds})
    return incident


@dataclass(frozen=True)
class Resolution:
    """How it was solved. `article` names the article whose next version this is; None makes a new article."""

    solution: str
    cause: str = ""
    article: str | None = None
    publish: bool = False


def incident_resolve(
    *, actor: Actor, incident_id: int, resolution: Resolution, version: int | None = None
) -> tuple[Incident, Version]:
    """Resolve it and learn from it: the solution becomes a version of knowledge in the same transaction.

    The version is a draft until somebody with the right publishes it; `publish` does so at once (NotAllowed without
    the right).
    """
    solution = checked_text("solucion", resolution.solution, TEXT_LENGTH)
    cause = checked_text("causa", resolution.cause, TEXT_LENGTH, required=False)
    with incident_locked(incident_id, version) as incident:
        require_support(actor, incident)
        _require_move("resolver", incident)
        now = timezone.now()
        pause_end(incident, now)
        _mark_response(incident, now)
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
        incident.state, incident.resolved_at = State.RESOLVED, now
        incident.solution, incident.cause, incident.learned_version = solution, cause, learned
        incident_save(incident, now)
        details = {"articulo": learned.article.slug, "version": learned.number, "estado_version": learned.state}
        record_change(
            actor, incident, "incident.resolved", details, "incidencia.resuelta", resuelto_por=actor.label,
            articulo=learned.article.slug, conocimiento_version=learned.number,
        )  # fmt: skip
    return incident, learned


def incident_close(*, actor: Actor, incident_id: int, version: int | None = None) -> Incident:
    """End it: the reporter confirms, or support does."""
    with incident_locked(incident_id, version) as incident:
        if not (may_work(actor, incident) or is_reporter(actor, incident)):
            raise NotAllowed()
        _require_move("cerrar", incident)
        now = timezone.now()
        incident.state, incident.closed_at = State.CLOSED, now
        incident_save(incident, now)
        record_change(actor, incident, "incident.closed", {}, "incidencia.cerrada")
    return incident


def incident_reopen(*, actor: Actor, incident_id: int, reason: str, version: int | None = None) -> Incident:
    """It isn't solved after all: back to its engineer, or to the queue. The time that it was resolved doesn't count."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with incident_locked(incident_id, version) as incident:
        if not (may_work(actor, incident) or is_reporter(actor, incident)):
            raise NotAllowed()
        _require_move("reabrir", incident)
        if incident.merged_into_id:
            raise IllegalMove(_("It was merged into another incident; reopen that one."))
        now = timezone.now()
        incident.state = State.IN_PROGRESS if incident.assignee_id else State.NEW
        pause_add(incident, incident.resolved_at or now, now, IncidentPause.Kind.RESOLVED)
        incident.resolved_at = incident.closed_at = None
        incident.reopened_count += 1
        incident_save(incident, now)
        record_change(actor, incident, "incident.reopened", {"motivo": reason}, "incidencia.reabierta")
    return incident
