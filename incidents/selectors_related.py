"""Reading what belongs together: merged incidents and what they bring, links. Always within the asker's rights."""

from django.db.models import Q, QuerySet

from prsystem.core.rights import Rights

from .models import Attachment, Comment, Incident, Link
from .selectors import incidents_visible_to

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


def links_of(rights: Rights, incident: Incident, merged: Merged = None) -> list[tuple[str, Incident]]:
    """Linked incidents that the asker may see, each with the name of the link; with those of merged incidents."""
    rows = merged_visible_to(rights, incident) if merged is None else merged
    family = {incident.pk, *(row.pk for row in rows)}
    links = Link.objects.filter(Q(source__in=family) | Q(target__in=family)).select_related("source", "target")
    others = [(link, link.target if link.source_id in family else link.source) for link in links]
    others = [(link, other) for link, other in others if other.pk not in family]
    if not others:
        return []
    visible = set(
        incidents_visible_to(rights).filter(pk__in=[other.pk for _l, other in others]).values_list("pk", flat=True)
    )
    return [(str(link.get_kind_display()), other) for link, other in others if other.pk in visible]
