"""Notifications for templates: the bell's count, sentences and icons."""

from django import template

from incidents.notices.models import NoticeKind, Notification
from incidents.notices.selectors import unread_count
from incidents.notices.texts import ICONS, sentence, shown_count

register = template.Library()
register.filter("notice_sentence", sentence)


@register.filter
def notice_icon(notice: Notification) -> str:
    return ICONS[NoticeKind(notice.kind)]


@register.simple_tag(takes_context=True)
def unread_notices(context: template.Context) -> str:
    """How many wait for the person who looks: empty when none does, `99+` when many do. Counted once per page."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return ""
    if not hasattr(request, "unread_notices"):
        request.unread_notices = shown_count(unread_count(request.user.rights))
    return str(request.unread_notices)
