"""What is said about incidents."""

from django.utils import timezone

from incidents.case.events import record_change
from incidents.case.models import Comment
from incidents.case.states import works_on
from incidents.case.writing import incident_locked, incident_save, require_move
from incidents.emergencies.services import emergency_heed, was_called_off
from prsystem.accounts.models import User
from prsystem.core.context import Actor
from prsystem.core.errors import NotAllowed
from prsystem.core.text.fields import checked_text

COMMENT_LENGTH = 10_000


def comment_add(
    *, actor: Actor, incident_id: int, body: str, is_internal: bool = False, author: User | None = None
) -> Comment:
    """Say something. Internal comments are for support of the area; a merged incident takes none."""
    body = checked_text("cuerpo", body, COMMENT_LENGTH)
    with incident_locked(incident_id) as incident:
        require_move("comentar", incident, actor)
        works = works_on(actor, incident)
        if is_internal and not works:
            raise NotAllowed()
        now = timezone.now()
        comment = Comment.objects.create(
            incident=incident,
            author=author,
            author_label=str(author or actor.label),
            body=body,
            is_internal=is_internal,
            created_at=now,
        )
        if works and author is not None and not is_internal and incident.responded_at is None:
            incident.first_response_at = incident.first_response_at or now
            incident.responded_at = now
        # «El humo era vapor»: who called it off explains it; another kind of danger counts all the same.
        explained = f"{incident.title}\n{incident.description}" if works and was_called_off(incident) else ""
        emergency_heed(actor, incident, body, before=explained)
        incident_save(incident, now)
        record_change(actor, incident, "incident.commented", {"comentario": comment.pk, "interno": is_internal})
    return comment
