"""What is said about incidents, and links between them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import User
from prsystem.core.context import Actor
from prsystem.core.errors import IllegalMove, InvalidInput, NotAllowed
from prsystem.core.fields import checked_text

from ..models import Comment, Incident, Link
from .events import record_change
from .lifecycle import incident_locked, incident_save, is_reporter, may_work, require_support

COMMENT_LENGTH = 10_000


def comment_add(
    *, actor: Actor, incident_id: int, body: str, is_internal: bool = False, author: User | None = None
) -> Comment:
    """Say something. Internal comments are for support of the area; a merged incident takes none."""
    body = checked_text("cuerpo", body, COMMENT_LENGTH)
    with incident_locked(incident_id) as incident:
        works = may_work(actor, incident)
        if not (works or is_reporter(actor, incident)) or (is_internal and not works):
            raise NotAllowed()
        if incident.merged_into_id:
            raise IllegalMove(_("It was merged into another incident; comment there."))
        now = timezone.now()
        comment = Comment.objects.create(
            incident=incident,
            author=author,
            author_label=str(author or actor.label),
            body=body,
            is_internal=is_internal,
            created_at=now,
        )
        if works and not is_internal and incident.responded_at is None:
            incident.first_response_at = incident.first_response_at or now
            incident.responded_at = now
        incident_save(incident, now)
        record_change(actor, incident, "incident.commented", {"comentario": comment.pk, "interno": is_internal})
    return comment


def incidents_link(*, actor: Actor, source: Incident, target: Incident, kind: str) -> Link:
    """Say that two incidents have to do with each other; saying it twice changes nothing."""
    require_support(actor, source)
    if kind not in Link.Kind.values:
        raise InvalidInput.field("tipo", _("Unknown kind of link."))
    if source.pk == target.pk:
        raise InvalidInput.field("incidencia", _("An incident can't be linked to itself."))
    with transaction.atomic():
        link, is_new = Link.objects.get_or_create(source=source, target=target, kind=kind)
        if is_new:
            record_change(actor, source, "incident.linked", {"con": target.number, "tipo": kind})
    return link
