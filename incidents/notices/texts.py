"""Notifications as sentences. Pure: a row in, text in the present language out."""

from django.utils.translation import gettext as _

from incidents.notices.models import NoticeKind, Notification
from incidents.notices.selectors import MOST_COUNTED

ICONS = {
    NoticeKind.ASSIGNED: "user-plus",
    NoticeKind.COMMENT: "message",
    NoticeKind.MENTION: "at",
    NoticeKind.ESCALATED: "stairs-up",
    NoticeKind.AT_RISK: "clock",
    NoticeKind.BREACHED: "flame",
    NoticeKind.RESOLVED: "circle-check",
    NoticeKind.EMERGENCY: "alert-triangle",
}


def sentence(notice: Notification) -> str:
    """What happened, with the number of the incident and who did it."""
    values = {
        "who": notice.actor_label or _("The system"),
        "number": notice.incident.number,
        "level": notice.level,
    }
    return _sentence_of(NoticeKind(notice.kind)) % values


def _sentence_of(kind: NoticeKind) -> str:
    match kind:
        case NoticeKind.ASSIGNED:
            return _("%(who)s assigned %(number)s to you")
        case NoticeKind.COMMENT:
            return _("%(who)s commented on %(number)s")
        case NoticeKind.MENTION:
            return _("%(who)s mentioned you in %(number)s")
        case NoticeKind.ESCALATED:
            return _("%(who)s escalated %(number)s to %(level)s")
        case NoticeKind.AT_RISK:
            return _("%(number)s is about to miss its target")
        case NoticeKind.BREACHED:
            return _("%(number)s has missed its target")
        case NoticeKind.RESOLVED:
            return _("%(who)s resolved %(number)s")
        case NoticeKind.EMERGENCY:
            return _("Danger to people: %(number)s needs help now")


def shown_count(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or "")
