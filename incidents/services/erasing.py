"""What incidents hold of an erased person: the name that was kept beside the account."""

from ..models import Comment, Incident, ShiftNote


def names_blank(user_id: int) -> None:
    """Called by `person_erase` in its transaction."""
    label = f"borrado-{user_id}"
    Incident.objects.filter(reporter_id=user_id).update(reporter_label=label)
    Comment.objects.filter(author_id=user_id).update(author_label=label)
    ShiftNote.objects.filter(author_id=user_id).update(author_label=label)
