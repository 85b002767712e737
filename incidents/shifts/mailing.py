"""Mails of the board and of the hand-over: asked for by a person, sent once for each time that they are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.services import record
from incidents.board.parts import parts, tiles
from incidents.board.period import Period
from incidents.board.selectors import area_read, board
from incidents.notices.mailing import NO_SERVER_DOMAIN, site_address
from incidents.sla.book import book_now
from integrations.mail.services import Letter, mail_queue
from prsystem.accounts.models import Area
from prsystem.accounts.names import canonical_username
from prsystem.accounts.selectors import user_by_username
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput, Missing, NotAllowed
from prsystem.core.jobs import queue
from prsystem.core.rights import Rights
from prsystem.runtime.selectors import get_setting

from .lists import brief_lists
from .models import BoardMail
from .selectors import board_mails_of, brief_of
from .stretch import last_change, shift_of

JOB = "board.mail"
MOST_MAILS = 20
# What was due longer ago, while nothing ran, is left out.
TOO_LATE = {
    BoardMail.Rhythm.DAILY: timedelta(hours=20),
    BoardMail.Rhythm.WEEKLY: timedelta(days=2),
    BoardMail.Rhythm.EACH_SHIFT: timedelta(hours=2),
}


@transaction.atomic
def board_mails_set(
    *, actor: Actor, what: str, rhythm: str, area: str = "", usernames: Sequence[str] = ()
) -> list[BoardMail]:
    """The same mail for several people, or for none of them; without names for oneself."""
    names = list(dict.fromkeys(usernames)) or [""]
    return [board_mail_set(actor=actor, what=what, rhythm=rhythm, area=area, username=name) for name in names]


@transaction.atomic
def board_mail_set(*, actor: Actor, what: str, rhythm: str, area: str = "", username: str = "") -> BoardMail:
    """Ask for a mail; asked for again, its rhythm changes. It begins with the next time that it is due.

    For somebody else only administrators ask, and only for what that person reads.
    """
    chosen = area_read(actor.rights, area)
    _require_possible(what, rhythm, chosen)
    user_id = _recipient(actor, username, area)
    theirs = BoardMail.objects.select_for_update().filter(user_id=user_id)
    known = {(row.what, row.area_id) for row in theirs}
    if len(known) >= MOST_MAILS and (what, chosen and chosen.pk) not in known:
        raise Conflict(_("At most %(limit)d mails for one person.") % {"limit": MOST_MAILS})
    kept, _new = BoardMail.objects.update_or_create(
        user_id=user_id, what=what, area=chosen, defaults={"rhythm": rhythm, "done_until": timezone.now()}
    )
    details = {"que": what, "ritmo": rhythm, "area": chosen.code if chosen else None}
    record(actor, "user.board_mail_set", f"usuario:{user_id}", details)
    return kept


def _recipient(actor: Actor, username: str, area: str) -> int:
    """The number of who gets it."""
    if actor.user_id is None:
        raise NotAllowed()
    if not username or canonical_username(username) == actor.label:
        return actor.user_id
    if not actor.rights.is_admin:
        raise NotAllowed()
    name = {"name": username[:40]}
    user = user_by_username(username)
    if user is None or not user.is_active:
        raise InvalidInput.field("usuario", _("There is no active account «%(name)s».") % name)
    if not user.email:
        raise InvalidInput.field("usuario", _("The account «%(name)s» has no mail address.") % name)
    try:
        area_read(user.rights, area)
    except Missing:
        raise InvalidInput.field("usuario", _("«%(name)s» doesn't read the incidents of that area.") % name) from None
    return user.pk


def _require_possible(what: str, rhythm: str, area: Area | None) -> None:
    errors: dict[str, list[object]] = {}
    for name, value, known in (("que", what, BoardMail.What), ("ritmo", rhythm, BoardMail.Rhythm)):
        if value not in known.values:
            errors[name] = [gettext_lazy("Unknown value: %(value)s.") % {"value": value[:40]}]
    if area is None and (what == BoardMail.What.SHIFT or rhythm == BoardMail.Rhythm.EACH_SHIFT):
        errors["area"] = [gettext_lazy("Choose an area: shifts are those of an area.")]
    if errors:
        raise InvalidInput(errors=errors)


@transaction.atomic
def board_mail_remove(*, actor: Actor, mail_id: int) -> None:
    """No more of one's own; administrators also take away others', for whom they are Missing otherwise."""
    found = board_mails_of(actor.rights).select_for_update(of=["self"]).filter(pk=mail_id).first()
    if found is None:
        raise Missing()
    details = {"que": found.what, "area": found.area.code if found.area else None}
    record(actor, "user.board_mail_removed", f"usuario:{found.user_id}", details)
    found.delete()


def board_mails_request() -> int:
    """Every few minutes: a job for each mail that has become due; how many."""
    now, asked = timezone.now(), 0
    for row in BoardMail.objects.filter(user__is_active=True).exclude(user__email="").order_by("pk"):
        due = due_at(row, now)
        if due is None or due <= row.done_until or now - due > TOO_LATE[BoardMail.Rhythm(row.rhythm)]:
            continue
        payload = {"mail_id": row.pk, "due": due.isoformat()}
        queue.enqueue(JOB, payload=payload, queue="bulk", dedup_key=f"{JOB}:{row.pk}")
        asked += 1
    return asked


def due_at(row: BoardMail, now: datetime) -> datetime | None:
    """The last time that it was due; None where the area's calendar has no shifts."""
    if row.rhythm == BoardMail.Rhythm.EACH_SHIFT:
        return last_change(book_now().calendar_of(row.area_id or 0), now)
    zone = ZoneInfo(get_setting("site.time_zone"))
    local = now.astimezone(zone)
    day = local.date() - timedelta(days=local.hour < get_setting("mail.digest_hour"))
    if row.rhythm == BoardMail.Rhythm.WEEKLY:
        day -= timedelta(days=day.weekday())
    return datetime.combine(day, time(get_setting("mail.digest_hour")), zone)


@transaction.atomic
def board_mail_send(*, mail_id: int, due: str) -> None:
    """The job: one mail for one due time, once. Who lost the right in the meantime gets none."""
    moment = datetime.fromisoformat(due)
    row = BoardMail.objects.select_for_update(of=["self"]).select_related("user", "area").filter(pk=mail_id).first()
    if row is None or row.done_until >= moment:
        return
    BoardMail.objects.filter(pk=row.pk).update(done_until=moment)
    if not (row.user.is_active and row.user.email):
        return
    with translation.override(row.user.language), timezone.override(get_setting("site.time_zone")):
        if letter := _letter(row, row.user.rights, moment):
            mail_queue(letter)


@dataclass(frozen=True)
class _Content:
    """What the templates show: a heading, single figures, and lists or tables."""

    title: str
    address: str
    context: dict[str, Any]


def _letter(row: BoardMail, rights: Rights, moment: datetime) -> Letter | None:
    """None when the person reads the area no more."""
    try:
        area = area_read(rights, row.area.code if row.area else "")
    except Missing:
        return None
    content = _board(rights, area, row.rhythm, moment) if row.what == BoardMail.What.BOARD else _shift(area, moment)
    name, server = get_setting("site.name"), settings.EMAIL_SERVER
    own = f"informe-{row.pk}-{moment:%Y%m%dT%H%M%S}"
    context = {**content.context, "title": content.title, "url": site_address() + content.address, "site_name": name}
    return Letter(
        key=own,
        recipient=row.user.email,
        subject=f"{name}: {content.title}",
        text=render_to_string("mail/board.txt", context),
        html=render_to_string("mail/board.html", context),
        message_id=f"<{own}@{server.domain if server else NO_SERVER_DOMAIN}>",
    )


def _board(rights: Rights, area: Area | None, rhythm: str, moment: datetime) -> _Content:
    """Of the day before it was due, or of the week before."""
    last = timezone.localdate(moment) - timedelta(days=1)
    first = last - timedelta(days=6) if rhythm == BoardMail.Rhythm.WEEKLY else last
    found = board(rights, Period(first, last, timezone.get_current_timezone()), area)
    title = _("Board of %(area)s, %(days)s") % {
        "area": area.name if area else _("all areas"),
        "days": _days(first, last),
    }
    shown = [part for part in parts(found) if not part.is_empty]
    query = f"?desde={first}&hasta={last}" + (f"&area={area.code}" if area else "")
    return _Content(title, reverse("board") + query, {"tiles": tiles(found), "parts": shown})


def _days(first: date, last: date) -> str:
    return str(last) if first == last else f"{first} – {last}"


def _shift(area: Area | None, moment: datetime) -> _Content:
    """Of the shift that has just ended."""
    if area is None:
        raise Missing()
    shift = shift_of(book_now().calendar_of(area.pk), moment - timedelta(seconds=1))
    brief = brief_of(area, shift)
    title = _("Shift hand-over of %(area)s") % {"area": area.name}
    lists = brief_lists(brief)
    return _Content(title, f"{reverse('shift')}?area={area.code}", {"brief": brief, "lists": lists})
