"""Merging: duplicates are closed in favour of one incident, which shows all that was said and attached in them.

Nothing is moved: comments, files and links stay where they were made and are read through the survivor. So undoing is
exact: the state before comes back, and what was said on the survivor stays there.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.case.choices import State
from incidents.case.events import record_change
from incidents.case.models import Incident
from incidents.case.states import refusal_of, works_on
from incidents.case.writing import incident_save, incidents_locked, require_support, require_version
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, IllegalMove, InvalidInput

from .models import Link, Merge

MAX_MERGED = 500
UNDO_TIME = timedelta(minutes=10)
_PLAIN = ("state", "assignee_id", "waiting_reason", "paused_seconds")
_MOMENTS = ("waiting_since", "resolved_at", "closed_at")


def incident_merge(*, actor: Actor, incident_id: int, into: Incident, version: int | None = None) -> Incident:
    """Close a duplicate in favour of `into`; its number leads there from now on."""
    versions = {} if version is None else {incident_id: version}
    return incidents_merge(actor=actor, incident_ids=[incident_id], into_id=into.pk, versions=versions)[0]


def incidents_merge(
    *, actor: Actor, incident_ids: Iterable[int], into_id: int, versions: Mapping[int, int] | None = None
) -> list[Incident]:
    """Close all of them in favour of one, in one action: all or none. Every one has to be open and in an area that the
    actor supports."""
    wanted = set(incident_ids)
    if into_id in wanted:
        raise InvalidInput.field("incidencia", _("An incident can't be merged into itself."))
    if not wanted or len(wanted) > MAX_MERGED:
        raise InvalidInput.field("incidencias", _("From 1 to %(limit)d at once.") % {"limit": MAX_MERGED})
    with transaction.atomic():
        locked = incidents_locked({*wanted, into_id})
        survivor = locked.pop(into_id)
        for incident in (survivor, *locked.values()):
            require_support(actor, incident)
            require_version(incident, (versions or {}).get(incident.pk))
        if any(refusal_of("fusionar", incident, actor) for incident in (survivor, *locked.values())):
            raise IllegalMove(_("All of them have to be open."))
        now, batch = timezone.now(), uuid.uuid4()
        for incident in locked.values():
            _merge(actor, incident, survivor, batch, now)
        incident_save(survivor, now)
        record_change(actor, survivor, "incident.merged_in", {"de": [i.number for i in locked.values()]})
    return list(locked.values())


def _merge(actor: Actor, incident: Incident, survivor: Incident, batch: uuid.UUID, now: datetime) -> None:
    before = _values(incident)
    _link, is_new = Link.objects.get_or_create(source=incident, target=survivor, kind=Link.Kind.DUPLICATE)
    incident.state, incident.closed_at, incident.merged_into = State.CLOSED, now, survivor
    incident.waiting_since = None
    incident_save(incident, now)
    Merge.objects.create(
        batch=batch, incident=incident, survivor=survivor, before=before, made_link=is_new, user_id=actor.user_id,
        created_at=now,
    )  # fmt: skip
    number = survivor.number
    record_change(actor, incident, "incident.merged", {"en": number}, "incidencia.cerrada", fusionada_en=number)


def merge_undo(*, actor: Actor, incident_id: int) -> list[Incident]:
    """Undo a merge of the last ten minutes: a merged incident's own, or the whole last action into a survivor.

    Raises Conflict when there is none, NotAllowed unless the actor supports every area concerned.
    """
    with transaction.atomic():
        found = merges_undoable(incident_id)
        locked = incidents_locked({pk for merge in found for pk in (merge.incident_id, merge.survivor_id)})
        merges = Merge.objects.filter(pk__in=[merge.pk for merge in found], undone_at=None).order_by("incident_id")
        if not found or len(merges) < len(found):
            raise Conflict(_("There is no merge of the last ten minutes to undo."))
        for incident in locked.values():
            require_support(actor, incident)
        now, survivor = timezone.now(), locked[merges[0].survivor_id]
        undone = [_restore(actor, locked[merge.incident_id], survivor, merge, now) for merge in merges]
        incident_save(survivor, now)
        record_change(actor, survivor, "incident.unmerged_from", {"de": [incident.number for incident in undone]})
    return undone


def merges_undoable(incident_id: int) -> list[Merge]:
    """The merges that undoing for this incident would undo; none after ten minutes."""
    recent = Merge.objects.filter(undone_at=None, created_at__gt=timezone.now() - UNDO_TIME)
    if own := recent.filter(incident_id=incident_id).first():
        return [own]
    last = recent.filter(survivor_id=incident_id).first()
    return list(recent.filter(batch=last.batch)) if last else []


def may_undo(actor: Actor, incident: Incident) -> bool:
    """Whether `merge_undo` would be done now."""
    concerned = {pk for merge in merges_undoable(incident.pk) for pk in (merge.incident_id, merge.survivor_id)}
    return bool(concerned) and all(works_on(actor, one) for one in Incident.objects.filter(pk__in=concerned))


def _restore(actor: Actor, incident: Incident, survivor: Incident, merge: Merge, now: datetime) -> Incident:
    for name in _PLAIN:
        setattr(incident, name, merge.before[name])
    for name in _MOMENTS:
        setattr(incident, name, datetime.fromisoformat(merge.before[name]) if merge.before[name] else None)
    incident.merged_into = None
    incident_save(incident, now)
    if merge.made_link:
        Link.objects.filter(source=incident, target=survivor, kind=Link.Kind.DUPLICATE).delete()
    merge.undone_at = now
    merge.save(update_fields=["undone_at"])
    record_change(actor, incident, "incident.unmerged", {"de": survivor.number}, "incidencia.reabierta")
    return incident


def _values(incident: Incident) -> dict[str, Any]:
    moments = {name: getattr(incident, name) for name in _MOMENTS}
    plain = {name: getattr(incident, name) for name in _PLAIN}
    return plain | {name: value.isoformat() if value else None for name, value in moments.items()}
