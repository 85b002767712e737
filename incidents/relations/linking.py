"""Links between incidents: related, duplicate, parent and child. A child has one parent, and no children of its own."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.case.events import record_change
from incidents.case.models import Incident
from incidents.case.writing import incidents_locked, require_move, require_support
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput, Missing

from .models import Link

CHILD = "hija"
KINDS = (*Link.Kind.values, CHILD)


def incidents_link(*, actor: Actor, source: Incident, target: Incident, kind: str) -> Link:
    """Say that two incidents have to do with each other; saying it twice changes nothing.

    `kind` is what the source is to the target: relacionada, duplicada, padre or hija. A family needs the right to work
    on both. The caller has made sure that the actor may see the target.
    """
    if kind not in KINDS:
        raise InvalidInput.field("tipo", _("One of: %(names)s.") % {"names": ", ".join(KINDS)})
    if source.pk == target.pk:
        raise InvalidInput.field("incidencia", _("An incident can't be linked to itself."))
    with transaction.atomic():
        locked = incidents_locked({source.pk, target.pk})
        source, target = locked[source.pk], locked[target.pk]
        require_move("enlazar", source, actor)
        if kind == CHILD:
            return _link(actor, target, source, Link.Kind.PARENT)
        return _link(actor, source, target, Link.Kind(kind))


def _link(actor: Actor, source: Incident, target: Incident, kind: Link.Kind) -> Link:
    if known := _known(source, target, kind):
        return known
    if kind == Link.Kind.PARENT:
        _require_family(actor, source, target)
    link = Link.objects.create(source=source, target=target, kind=kind)
    record_change(actor, source, "incident.linked", {"con": target.number, "tipo": kind})
    record_change(actor, target, "incident.linked", {"con": source.number, "tipo": kind, "sentido": "inverso"})
    return link


def _known(source: Incident, target: Incident, kind: Link.Kind) -> Link | None:
    """The same link, either way round where both ways mean the same."""
    same = Link.objects.filter(source=source, target=target, kind=kind)
    if kind == Link.Kind.RELATED:
        same |= Link.objects.filter(source=target, target=source, kind=kind)
    return same.first()


def _require_family(actor: Actor, parent: Incident, child: Incident) -> None:
    for incident in (parent, child):
        require_support(actor, incident)
        if incident.merged_into_id:
            raise Conflict(_("%(number)s was merged into another incident.") % {"number": incident.number})
    ties = Link.objects.filter(kind=Link.Kind.PARENT)
    if ties.filter(target=child).exists():
        raise Conflict(_("%(number)s has a parent already.") % {"number": child.number})
    if ties.filter(target=parent).exists() or ties.filter(source=child).exists():
        raise Conflict(_("A family has one level: a child has no children of its own."))


def link_remove(*, actor: Actor, incident_id: int, link_id: int) -> None:
    """Take a link of the incident away; Missing when it isn't one of its links."""
    with transaction.atomic():
        link = Link.objects.filter(pk=link_id).first()
        if link is None or incident_id not in (link.source_id, link.target_id):
            raise Missing()
        locked = incidents_locked({link.source_id, link.target_id})
        require_move("desenlazar", locked[incident_id], actor)
        source, target = locked[link.source_id], locked[link.target_id]
        if not link.delete()[0]:
            raise Missing()
        record_change(actor, source, "incident.unlinked", {"con": target.number, "tipo": link.kind})
        record_change(actor, target, "incident.unlinked", {"con": source.number, "tipo": link.kind})
