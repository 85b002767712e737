"""Reading what belongs together: merged incidents and what they bring, links. Always within the asker's rights."""

from dataclasses import dataclass

from django.core.files import File
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.case.choices import OPEN_STATES
from incidents.case.models import Attachment, Comment, Incident
from incidents.case.numbers import incident_number
from incidents.case.selectors import incidents_visible_to
from prsystem.core.errors import Conflict, Missing
from prsystem.core.files.stored import store_reached
from prsystem.core.rights import Rights

from .models import Link

# What `merged_visible_to` answered, when the caller has asked already.
Merged = list[Incident] | None


def merged_into(incident: Incident) -> list[Incident]:
    """Those merged into it, also through others, in the order of their numbers; only id, area and reporter are read.

    One query where there are none. A survivor is open when merged into, so there are no cycles.
    """
    found: list[Incident] = []
    survivors = [incident.pk]
    while survivors:
        rows = Incident.objects.filter(merged_into__in=survivors).only("area_id", "reporter_id", "merged_into_id")
        layer = list(rows.order_by("pk"))
        found += layer
        survivors = [row.pk for row in layer]
    return sorted(found, key=lambda row: row.pk)


def merged_visible_to(rights: Rights, incident: Incident) -> list[Incident]:
    """Those of them that the asker may see."""
    return [row for row in merged_into(incident) if _reads(rights, row) or _is_own(rights, row)]


def _reads(rights: Rights, incident: Incident) -> bool:
    return incident.area_id in rights.reads_incidents


def _is_own(rights: Rights, incident: Incident) -> bool:
    return rights.user_id is not None and rights.user_id == incident.reporter_id


def _said_in(rights: Rights, incident: Incident, merged: Merged) -> Q:
    """Rows of the incident and of those merged into it: all where the asker supports the area, the public ones of the
    incident looked at and of one's own."""
    family = [incident, *(merged_visible_to(rights, incident) if merged is None else merged)]
    whole = [row.pk for row in family if _reads(rights, row)]
    part = [row.pk for row in family if not _reads(rights, row)]
    return Q(incident_id__in=whole) | Q(incident_id__in=part, is_internal=False)


def comments_visible_to(rights: Rights, incident: Incident, merged: Merged = None) -> QuerySet[Comment]:
    """All comments for support of the area, the public ones for the reporter; with those of merged incidents."""
    return Comment.objects.filter(_said_in(rights, incident, merged)).select_related("author")


def attachments_visible_to(rights: Rights, incident: Incident, merged: Merged = None) -> QuerySet[Attachment]:
    """All files for support of the area, those that aren't internal for the reporter; with those of merged ones."""
    return Attachment.objects.filter(_said_in(rights, incident, merged)).select_related("uploaded_by")


@dataclass(frozen=True)
class Linked:
    """Another incident as the one looked at sees it: `kind` is what this one is to the other. The link is `of_id`'s:
    of the one looked at, or of one that was merged into it."""

    link_id: int
    kind: str
    incident: Incident
    of_id: int

    @property
    def label(self) -> object:
        return LABELS[self.kind]


LABELS = {
    "padre": _("Is the parent of"),
    "hija": _("Is a child of"),
    "relacionada": _("Related to"),
    "duplicada": _("Duplicate of"),
    "original": _("Has the duplicate"),
}
_INVERSE = {"padre": "hija", "duplicada": "original"}
_SEEN = ("kind", *(f"{end}__{name}" for end in ("source", "target") for name in ("title", "state", "area_id")))


def attachment_content(attachment: Attachment) -> File:
    """The open file. Conflict while the antivirus holds it; Missing when it was infected, or is gone from the store;
    StoreAway when the store doesn't answer."""
    if attachment.scan == Attachment.Scan.HELD:
        raise Conflict(_("The antivirus hasn't looked at this file yet. Try again in a moment."))
    if attachment.scan == Attachment.Scan.INFECTED:
        raise Missing()
    try:
        with store_reached():
            content = attachment.file.open("rb")
            content.seek(0)  # an object is fetched here, before the answer has begun
            return content
    except FileNotFoundError as error:
        raise Missing() from error


def links_of(rights: Rights, incident: Incident, merged: Merged = None) -> list[Linked]:
    """Linked incidents that the asker may see, with those of merged incidents, families first."""
    rows = merged_visible_to(rights, incident) if merged is None else merged
    family = {incident.pk, *(row.pk for row in rows)}
    links = Link.objects.filter(Q(source__in=family) | Q(target__in=family)).select_related("source", "target")
    found = [linked for link in links.only(*_SEEN) if (linked := _linked(link, family))]
    if not found:
        return []
    visible = set(
        incidents_visible_to(rights).filter(pk__in=[row.incident.pk for row in found]).values_list("pk", flat=True)
    )
    seen = [row for row in found if row.incident.pk in visible]
    return sorted(seen, key=lambda row: (list(LABELS).index(row.kind), row.incident.pk))


def _linked(link: Link, family: set[int]) -> Linked | None:
    """None for a link within the family, which merging has made."""
    if link.source_id not in family:
        return Linked(link.pk, _INVERSE.get(link.kind, link.kind), link.source, link.target_id)
    return Linked(link.pk, link.kind, link.target, link.source_id) if link.target_id not in family else None


def children_ids(incident_id: int) -> QuerySet[Link, int]:
    """Children of the incident and of those merged into it, whatever their state."""
    ties = Link.objects.filter(Q(source=incident_id) | Q(source__merged_into=incident_id), kind=Link.Kind.PARENT)
    return ties.values_list("target_id", flat=True)


def open_children(incident: Incident) -> list[str]:
    """Numbers of the children that are still open."""
    rows = Incident.objects.filter(pk__in=children_ids(incident.pk), state__in=OPEN_STATES)
    return [incident_number(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
