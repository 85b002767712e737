"""Telling people: a job beside the change, then one row for each who is concerned, may see it and wants to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import changes, record
from incidents.case.events import Recorded
from incidents.case.models import Comment, Incident
from incidents.case.people import people_mentioned
from prsystem.accounts.models import User
from prsystem.accounts.names import people_of
from prsystem.accounts.selectors import helpers_of, support_of
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput, Missing
from prsystem.core.jobs import queue

from .models import Channel, NoticeKind, NoticePreferences, Notification, Rhythm
from .selectors import notifications_of, preferences_of

JOB = "incident.notify"
FLOOD = 20
# What is told of, by the action of its audit entry or by its event of the contract.
KINDS = {
    "incident.assigned": NoticeKind.ASSIGNED,
    "incident.commented": NoticeKind.COMMENT,
    "incident.escalated": NoticeKind.ESCALATED,
    "incident.resolved": NoticeKind.RESOLVED,
    "incident.emergency_declared": NoticeKind.EMERGENCY,
    "incidencia.escalada": NoticeKind.ESCALATED,
    "incidencia.sla_en_riesgo": NoticeKind.AT_RISK,
    "incidencia.sla_vencido": NoticeKind.BREACHED,
}


def notices_request(recorded: Sequence[Recorded]) -> None:
    """Ask for the telling of changes, in their transaction: a job row for each, everything else is the worker's. A
    flood of them (a whole backlog that breaches at once) must not keep the assistance of new reports waiting."""
    payloads = [payload for one in recorded if (payload := _payload(one))]
    if len(payloads) == 1:
        queue.enqueue(JOB, payload=payloads[0], queue=_line_of(payloads[0]["kind"]))
        return
    line = "bulk" if len(payloads) > FLOOD else "normal"
    queue.enqueue_all([queue.build_job(JOB, payload=payload, queue=line) for payload in payloads])


def _line_of(kind: str) -> str:
    return "urgent" if kind == NoticeKind.EMERGENCY else "normal"


def _payload(recorded: Recorded) -> dict[str, Any]:
    """What the job gets; empty when nobody is told."""
    entry, people = recorded.entry, recorded.entry.detalles.get("avisar", [])
    kind = KINDS.get(entry.accion) or KINDS.get(recorded.event)
    if people:
        kind = NoticeKind.BREACHED if entry.detalles.get("porcentaje", 0) >= 100 else NoticeKind.AT_RISK
    if kind is None or entry.pk is None:
        return {}
    return {
        "kind": kind.value,
        "incident_id": recorded.incident.pk,
        "cause": recorded.cause or entry.pk,
        "actor_id": entry.usuario_id,
        "actor_label": entry.actor if entry.actor_kind != "system" else "",
        "comment_id": entry.detalles.get("comentario"),
        "people": people,
    }


@dataclass(frozen=True)
class Change:
    """What happened, by whom; `comment` when something was said, `people` when a rule names whom to tell."""

    kind: NoticeKind
    incident: Incident
    cause: int
    actor_id: int | None
    actor_label: str
    comment: Comment | None = None
    people: Sequence[str] = ()


def incident_notify(
    *,
    kind: str,
    incident_id: int,
    cause: int,
    actor_id: int | None,
    actor_label: str,
    comment_id: int | None = None,
    people: Sequence[str] = (),
) -> None:
    """The job: notifications for those concerned. Running it twice adds nothing.

    Nobody is told of what was reported within a maintenance window before it ends.
    """
    incident = Incident.objects.select_related("area", "reporter", "assignee").filter(pk=incident_id).first()
    if incident is None or (kind != NoticeKind.EMERGENCY and _is_quiet(incident)):
        return
    comment = Comment.objects.filter(pk=comment_id).first() if comment_id else None
    change = Change(NoticeKind(kind), incident, cause, actor_id, actor_label, comment, people)
    who = User.objects.filter(pk=actor_id).first() if actor_id else None
    told = {user.pk: (user, change.kind) for user in _concerned(change) if _may_see(change, user)}
    told |= {user.pk: (user, NoticeKind.MENTION) for user in _mentioned(change)}
    rows = [_row(change, user, told_as, str(who or actor_label)) for user, told_as in told.values()]
    with transaction.atomic():
        # What follows from one thing is told by jobs of its own: one after the other, so that a person gets one notice.
        Incident.objects.select_for_update(no_key=True).only("pk").get(pk=incident.pk)
        told_already = {row.user_id: row for row in Notification.objects.filter(cause=cause)}
        fresh = [row for row in rows if row.user_id not in told_already and (row.in_app or row.by_mail)]
        Notification.objects.bulk_create(fresh, ignore_conflicts=True)
        for row in rows:
            if row.user_id in told_already:
                _tell_more(told_already[row.user_id], row)
        _mail_later(cause)


def _is_quiet(incident: Incident) -> bool:
    return incident.quiet_until is not None and incident.quiet_until > timezone.now()


# Of what follows from one thing, a person is told what weighs most.
WEIGHT = {NoticeKind.ESCALATED: 1, NoticeKind.AT_RISK: 2, NoticeKind.BREACHED: 3}


def _tell_more(told: Notification, row: Notification) -> None:
    """Let the notice say what `row` says where that weighs more, unless it was read already."""
    if WEIGHT.get(NoticeKind(row.kind), 0) <= WEIGHT.get(NoticeKind(told.kind), 0) or told.read_at:
        return
    told.kind, told.level, told.actor_label = row.kind, row.level, row.actor_label
    told.in_app, told.by_mail = told.in_app or row.in_app, told.by_mail or row.by_mail
    told.save(update_fields=["kind", "level", "actor_label", "in_app", "by_mail"])


def _mail_later(cause: int) -> None:
    """A job for each mail that somebody wants at once; the others wait for the daily one. Danger waits for no hour."""
    daily = NoticePreferences.objects.filter(rhythm=Rhythm.DAILY).values("user_id")
    wanted = Notification.objects.filter(cause=cause, by_mail=True, mailed_at=None)
    wanted = wanted.filter(Q(kind=NoticeKind.EMERGENCY) | ~Q(user_id__in=daily))
    for pk, kind in wanted.order_by("pk").values_list("pk", "kind"):
        payload, key = {"notification_id": pk}, f"notice.mail:{pk}"
        queue.enqueue("notice.mail", payload=payload, dedup_key=key, queue=_line_of(kind))


def _mentioned(change: Change) -> list[User]:
    """A mention is told instead of the comment that holds it, never to who wrote it."""
    if change.comment is None:
        return []
    people = people_mentioned(change.incident, change.comment.body, is_internal=change.comment.is_internal)
    return [user for user in people if user.pk != change.actor_id]


def _row(change: Change, user: User, kind: NoticeKind, who: str) -> Notification:
    channel = preferences_of(user.pk).channel(kind)
    return Notification(
        user=user,
        incident=change.incident,
        kind=kind,
        cause=change.cause,
        actor_label=who[:150],
        comment=change.comment,
        level=change.incident.level,
        in_app=channel in (Channel.BOTH, Channel.APP),
        by_mail=channel in (Channel.BOTH, Channel.MAIL),
    )


def _concerned(change: Change) -> list[User]:
    """Those whom a change of this kind is about, without who made it."""
    incident = change.incident
    direct = [user for user in (incident.assignee, incident.reporter) if user is not None]
    if change.kind == NoticeKind.ASSIGNED:
        direct = [incident.assignee] if incident.assignee else []
    if change.kind in (NoticeKind.AT_RISK, NoticeKind.BREACHED):
        direct = [incident.assignee] if incident.assignee else list(_support_of(incident))
    if change.kind == NoticeKind.ESCALATED:
        direct = list(_support_of(incident))
    if change.kind == NoticeKind.EMERGENCY:
        direct = list(helpers_of(incident.area_id))
    if change.people:
        direct = list(User.objects.filter(pk__in=people_of(list(change.people))))
    found = {user.pk: user for user in direct if user.is_active and user.pk != change.actor_id}
    return list(found.values())


def _support_of(incident: Incident) -> QuerySet[User]:
    """Those who hold the role of the incident's level where it belongs."""
    return support_of(incident.area_id, incident.level)


def _may_see(change: Change, user: User) -> bool:
    """Support of the area sees everything, the reporter what isn't internal."""
    if change.incident.area_id in user.rights.reads_incidents:
        return True
    is_internal = change.comment is not None and change.comment.is_internal
    return user.pk == change.incident.reporter_id and not is_internal


def notification_read(*, actor: Actor, notification_id: int) -> Notification:
    """Mark one's own as read; the first time counts. It is the reader's own list: no audit entry."""
    found = notifications_of(actor.rights).filter(pk=notification_id).first()
    if found is None:
        raise Missing()
    if found.read_at is None:
        found.read_at = timezone.now()
        found.save(update_fields=["read_at"])
    return found


def notifications_read_all(*, actor: Actor) -> int:
    """Mark all of one's own as read; how many there were."""
    if actor.user_id is None:
        return 0
    own = Notification.objects.filter(user_id=actor.user_id, read_at=None, in_app=True)
    return own.update(read_at=timezone.now())


def notice_preferences_set(*, actor: Actor, channels: dict[str, Any], rhythm: str = "") -> NoticePreferences:
    """Keep how the actor wants to be told; what isn't named stays. InvalidInput names what isn't known."""
    if actor.user_id is None:
        raise Missing()
    errors: dict[str, list[object]] = {
        kind: [_("Unknown value: %(value)s.") % {"value": str(channel)[:40]}]
        for kind, channel in channels.items()
        if kind not in NoticeKind.values or channel not in Channel.values
    }
    if rhythm and rhythm not in Rhythm.values:
        errors["ritmo"] = [_("Unknown value: %(value)s.") % {"value": rhythm[:40]}]
    if errors:
        raise InvalidInput(errors=errors)
    return _preferences_keep(actor, actor.user_id, channels, rhythm)


@transaction.atomic
def _preferences_keep(actor: Actor, user_id: int, channels: dict[str, str], rhythm: str) -> NoticePreferences:
    NoticePreferences.objects.get_or_create(user_id=user_id)
    kept = NoticePreferences.objects.select_for_update().get(user_id=user_id)
    before = {**kept.channels, "ritmo": kept.rhythm}
    kept.channels, kept.rhythm = {**kept.channels, **channels}, rhythm or kept.rhythm
    difference = changes(before, {**kept.channels, "ritmo": kept.rhythm})
    if difference:
        kept.save()
        record(actor, "user.notice_preferences_changed", f"usuario:{user_id}", difference)
    return kept
