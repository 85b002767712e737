"""Notifications as mails, in the language of who gets them: one for each, or one a day with all of them."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.mail.parsing import REPLY_MARK
from integrations.mail.services import Letter, mail_queue
from prsystem.accounts.models import User
from prsystem.core.jobs import queue
from prsystem.runtime.selectors import get_setting

from .models import NoticeKind, NoticePreferences, Notification, Rhythm
from .texts import sentence
from .threads import message_id, reply_address, thread_id

NO_SERVER_DOMAIN = "pr-system.invalid"
TEXT_LENGTH = 4000


def site_address() -> str:
    """Where links in mails lead: the site's own setting, else the first host that it serves."""
    if given := str(get_setting("mail.site_url")).rstrip("/"):
        return given
    host = next((name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*"))), "localhost")
    return f"https://{host}" if settings.SERVES_HTTPS else f"http://localhost:{settings.PORT}"


@transaction.atomic
def notification_mail(*, notification_id: int) -> None:
    """The job: one mail for one notification, once. Who lost the right in the meantime gets none."""
    notice = _unmailed().filter(pk=notification_id).first()
    if notice is None:
        return
    Notification.objects.filter(pk=notice.pk).update(mailed_at=timezone.now())
    if not _may_get(notice, notice.user):
        return
    with translation.override(notice.user.language):
        mail_queue(_letter(notice))


def _unmailed() -> QuerySet[Notification]:
    rows = Notification.objects.filter(by_mail=True, mailed_at=None)
    return rows.select_for_update(of=("self",)).select_related("user", "incident", "comment")


def _may_get(notice: Notification, user: User) -> bool:
    is_reader = notice.incident.area_id in user.rights.reads_incidents or notice.incident.reporter_id == user.pk
    return bool(user.email) and user.is_active and is_reader


def _letter(notice: Notification) -> Letter:
    incident, server = notice.incident, settings.EMAIL_SERVER
    domain = server.domain if server else NO_SERVER_DOMAIN
    context = {
        "notice": notice,
        "incident": incident,
        "sentence": sentence(notice),
        "said": _said(notice)[:TEXT_LENGTH],
        "safety_notice": incident.area.safety_notice if _is_answer(notice) else "",
        "url": site_address() + incident.get_absolute_url(),
        "mark": REPLY_MARK,
        "may_reply": settings.IMAP_SERVER is not None,
        "site_name": get_setting("site.name"),
    }
    return Letter(
        key=f"aviso:{notice.pk}",
        recipient=notice.user.email,
        subject=f"[{incident.number}] {incident.title}",
        text=render_to_string("mail/notice.txt", context),
        html=render_to_string("mail/notice.html", context),
        message_id=message_id(incident.pk, f"aviso-{notice.pk}", domain),
        reply_to=reply_address(incident.pk, server) if server else "",
        thread=thread_id(incident.pk, domain),
        resource=incident.resource,
    )


def _said(notice: Notification) -> str:
    """What a mail repeats of the incident: the comment, or the solution."""
    if notice.comment is not None:
        return notice.comment.body
    return notice.incident.solution if _is_answer(notice) else ""


def _is_answer(notice: Notification) -> bool:
    return notice.kind == NoticeKind.RESOLVED


def digests_request() -> int:
    """Once a day, at the hour of the setting: a job for everybody who chose one mail a day and has something in it."""
    now = timezone.localtime()
    if now.hour != get_setting("mail.digest_hour"):
        return 0
    daily = NoticePreferences.objects.filter(rhythm=Rhythm.DAILY).values("user_id")
    waiting = Notification.objects.filter(by_mail=True, mailed_at=None, user_id__in=daily)
    users = sorted(set(waiting.values_list("user_id", flat=True)))
    for user_id in users:
        payload = {"user_id": user_id, "day": now.date().isoformat()}
        queue.enqueue("notice.digest", payload=payload, queue="bulk", dedup_key=f"notice.digest:{user_id}")
    return len(users)


@transaction.atomic
def digest_mail(*, user_id: int, day: str) -> None:
    """The job: one mail with all that one person was told since the last; none when there is nothing."""
    rows = list(_unmailed().filter(user_id=user_id).order_by("id"))
    if not rows:
        return
    user = rows[0].user
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=timezone.now())
    shown = [row for row in rows if _may_get(row, user)]
    if shown:
        with translation.override(user.language):
            mail_queue(_digest(user, shown, date.fromisoformat(day)))


def _digest(user: User, rows: list[Notification], day: date) -> Letter:
    base, server = site_address(), settings.EMAIL_SERVER
    domain = server.domain if server else NO_SERVER_DOMAIN
    items = [
        {"sentence": sentence(row), "title": row.incident.title, "url": base + row.incident.get_absolute_url()}
        for row in rows
    ]
    context = {"items": items, "user": user, "url": f"{base}/avisos/", "site_name": get_setting("site.name")}
    count = ngettext("%(n)d notification", "%(n)d notifications", len(rows)) % {"n": len(rows)}
    return Letter(
        key=f"resumen:{user.pk}:{rows[0].pk}",
        recipient=user.email,
        subject=_("%(site)s: %(count)s of %(day)s") % {"site": context["site_name"], "count": count, "day": day},
        text=render_to_string("mail/digest.txt", context),
        html=render_to_string("mail/digest.html", context),
        message_id=f"<resumen-{user.pk}-{rows[0].pk}@{domain}>",
    )
