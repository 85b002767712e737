"""Reading one's own notifications and how one wants to be told."""

from django.db.models import QuerySet

from incidents.case.selectors import incidents_visible_to
from prsystem.core.rights import Rights

from .models import NoticePreferences, Notification

MOST_COUNTED = 100


def notifications_of(rights: Rights) -> QuerySet[Notification]:
    """One's own that are shown in the application, newest first; of incidents that one may still see."""
    if rights.user_id is None:
        return Notification.objects.none()
    visible = incidents_visible_to(rights).values("pk")
    own = Notification.objects.filter(user_id=rights.user_id, in_app=True, incident__in=visible)
    return own.select_related("incident").defer("incident__search").order_by("-id")


def unread_of(rights: Rights) -> QuerySet[Notification]:
    return notifications_of(rights).filter(read_at=None)


def unread_count(rights: Rights) -> int:
    """How many are unread, at most MOST_COUNTED."""
    return len(unread_of(rights).order_by().values_list("pk")[:MOST_COUNTED])


def preferences_of(user_id: int) -> NoticePreferences:
    """What somebody chose; the defaults, unsaved, for those who chose nothing."""
    return NoticePreferences.objects.filter(user_id=user_id).first() or NoticePreferences(user_id=user_id)
