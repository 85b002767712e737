"""Splitting: what belongs to another problem becomes an incident of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.case.events import record_change
from incidents.case.models import Attachment, Comment, Incident
from incidents.case.writing import incident_locked, incident_save, require_move
from incidents.relations.models import Link
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput

from .reporting import Report, incident_report

SOURCE = "division"


@dataclass(frozen=True)
class Part:
    """What goes: ids of comments and files of the incident, and how the new one is called."""

    title: str
    description: str
    comment_ids: frozenset[int] = frozenset()
    attachment_ids: frozenset[int] = frozenset()


def incident_split(*, actor: Actor, incident_id: int, part: Part, version: int | None = None) -> Incident:
    """A new incident of the same area, priority and reporter, to which the chosen comments and files go; the two are
    linked. Raises InvalidInput naming what isn't of the incident."""
    with incident_locked(incident_id, version) as incident:
        require_move("dividir", incident, actor)
        comments = _own(Comment.objects.filter(incident=incident), part.comment_ids, "comentarios")
        files = _own(Attachment.objects.filter(incident=incident), part.attachment_ids, "adjuntos")
        report = Report(
            title=part.title,
            description=part.description,
            area=incident.area.code,
            priority=incident.priority,
            source=SOURCE,
        )
        new = incident_report(actor=actor, report=report, reporter=incident.reporter)
        Comment.objects.filter(pk__in=comments).update(incident=new)
        Attachment.objects.filter(pk__in=files).update(incident=new)
        Link.objects.create(source=new, target=incident, kind=Link.Kind.RELATED)
        incident_save(incident)
        moved = {"comentarios": comments, "adjuntos": files}
        record_change(actor, incident, "incident.split", {"en": new.number, **moved})
        record_change(actor, new, "incident.split_from", {"de": incident.number, **moved})
    return new


def _own(rows: QuerySet[Any], wanted: Iterable[int], name: str) -> list[int]:
    """The wanted ids, all of which have to be among the rows."""
    wanted = sorted(wanted)
    found = list(rows.filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True))
    if found != wanted:
        raise InvalidInput.field(name, _("Some of them aren't of this incident."))
    return found
