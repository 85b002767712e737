"""Mails go out from rows, by jobs; mails come in as rows, before the mailbox is told that they were read."""

import hashlib
from dataclasses import dataclass
from time import monotonic

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from audit.services import changes, record
from integrations.backups.selectors import is_held
from prsystem.core.context import Actor
from prsystem.core.jobs import queue
from prsystem.core.text.cleaning import clean_line, shorten
from prsystem.runtime.selectors import get_setting

from . import imap, smtp
from .composing import compose
from .models import InboundMail, OutgoingMail
from .parsing import Head, Unreadable, head_of

log = structlog.get_logger(__name__)
State = OutgoingMail.State
# Tried for a day and a half: a mail server that is away for a night loses nothing.
PAUSES_SECONDS = (60, 300, 1800, 3600, 7200, 14_400, 28_800, 43_200, 43_200)
MOST_BYTES = 30 * 1024 * 1024
MOST_AT_ONCE = 50
COLLECT_SECONDS = 150.0
# After a restore mails wait for the release; how often it is looked for.
HELD_SECONDS = 60
COLLECT = "mail.collect"


@dataclass(frozen=True)
class Letter:
    """A mail to write: `key` makes it once, `message_id` and `thread` put it into its conversation."""

    key: str
    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    reply_to: str = ""
    thread: str = ""
    resource: str = ""


def mail_queue(letter: Letter) -> bool:
    """Put a mail into the outbox in the caller's transaction; False when its key is there already.

    Without a mail server it is kept there and never sent by itself.
    """
    row = OutgoingMail(
        key=letter.key,
        message_id=letter.message_id,
        recipient=letter.recipient,
        subject=shorten(clean_line(letter.subject), 250),
        text=letter.text,
        html=letter.html,
        reply_to=letter.reply_to,
        thread=letter.thread,
        resource=letter.resource,
        state=State.PENDING if settings.EMAIL_SERVER else State.HELD,
    )
    if OutgoingMail.objects.filter(key=letter.key).exists():
        return False
    row.save(force_insert=True)
    if settings.EMAIL_SERVER:
        _send_later(row)
    return True


def _send_later(mail: OutgoingMail, delay_seconds: float = 0) -> None:
    payload = {"mail_id": mail.pk}
    queue.enqueue("mail.send", payload=payload, delay_seconds=delay_seconds, is_retry=delay_seconds > 0)


def mail_send(*, mail_id: int) -> None:
    """The job: hand it to the server; when that fails for now, once more later."""
    mail = OutgoingMail.objects.filter(pk=mail_id, state=State.PENDING).first()
    if mail is None or settings.EMAIL_SERVER is None:
        return
    if is_held():
        _send_later(mail, HELD_SECONDS)
        return
    try:
        validate_email(mail.recipient)
        message = compose(mail, settings.EMAIL_SERVER, get_setting("site.name"))
        smtp.send(settings.EMAIL_SERVER, message, mail.recipient)
    except (ValidationError, ValueError) as error:
        _failed(mail, smtp.MailNotSent(f"malformed: {type(error).__name__}", retryable=False))
    except smtp.MailNotSent as error:
        _failed(mail, error)
    else:
        OutgoingMail.objects.filter(pk=mail.pk).update(
            state=State.SENT, sent_at=timezone.now(), attempts=mail.attempts + 1, last_error=""
        )


@transaction.atomic
def _failed(mail: OutgoingMail, error: smtp.MailNotSent) -> None:
    may_retry = error.retryable and mail.attempts < len(PAUSES_SECONDS)
    log.warning("mail.failed", mail_id=mail.pk, reason=str(error), attempt=mail.attempts + 1)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=State.PENDING if may_retry else State.FAILED, attempts=mail.attempts + 1, last_error=str(error)[:200]
    )
    if may_retry:
        _send_later(mail, PAUSES_SECONDS[mail.attempts])


@transaction.atomic
def mail_again(*, mail_id: int) -> bool:
    """Send a kept or refused mail after all; False when there is no server or nothing to do."""
    if settings.EMAIL_SERVER is None:
        return False
    kept = OutgoingMail.objects.filter(pk=mail_id, state__in=[State.HELD, State.FAILED])
    if not kept.update(state=State.PENDING, attempts=0):
        return False
    _send_later(OutgoingMail.objects.get(pk=mail_id))
    return True


@transaction.atomic
def mail_send_again(*, actor: Actor, mail_id: int) -> bool:
    """`mail_again` by a person, with the entry that says who."""
    before = OutgoingMail.objects.values_list("state", flat=True).get(pk=mail_id)
    if not mail_again(mail_id=mail_id):
        return False
    record(
        actor, "outgoingmail.retried", f"outgoingmail:{mail_id}", changes({"estado": before}, {"estado": "pendiente"})
    )
    return True


def mails_give_up(*, reason: str) -> int:
    """Mails that wait are not sent by themselves any more; each can be sent by hand, or all with `mails_take_up`."""
    return OutgoingMail.objects.filter(state=State.PENDING).update(state=State.FAILED, last_error=reason)


def mails_take_up(*, reason: str) -> int:
    """Send what was given up for this reason after all; how many."""
    given_up = OutgoingMail.objects.filter(state=State.FAILED, last_error=reason).values_list("pk", flat=True)
    return sum(mail_again(mail_id=pk) for pk in list(given_up))


def mail_collect_request() -> None:
    """As a job: a mailbox that is slow holds one worker at most, and its mails are never fetched twice at once."""
    if settings.IMAP_SERVER is not None:
        queue.enqueue(COLLECT, payload={}, queue="bulk", dedup_key=COLLECT)


def mail_collect() -> int:
    """Fetch what is new in the mailbox: a row and a job for each, and only then it is marked as read; how many came.
    Nothing while a restored copy waits for its release: the mailbox may be that of a system at work."""
    if settings.IMAP_SERVER is None or is_held():
        return 0
    taken, ends_at = 0, monotonic() + COLLECT_SECONDS
    with imap.Mailbox(settings.IMAP_SERVER) as mailbox:
        for uid in mailbox.unread()[:MOST_AT_ONCE]:
            if monotonic() > ends_at:  # the rest comes the next time
                break
            if mailbox.size(uid) > MOST_BYTES:
                mail_note(mailbox.header(uid), "demasiado grande")
            else:
                taken += mail_take(mailbox.read(uid))
            mailbox.mark_read(uid)
    return taken


def mail_note(raw: bytes, reason: str) -> None:
    """Write down that a mail came and isn't taken; it stays in the mailbox, marked as read."""
    log.warning("mail.refused", reason=reason)
    row = _row_of(raw)
    row.raw, row.state, row.reason = None, InboundMail.State.REFUSED, reason
    InboundMail.objects.bulk_create([row], ignore_conflicts=True)


def _row_of(raw: bytes) -> InboundMail:
    """By its head, which is all that is looked at before it is known whether anybody wants the mail."""
    try:
        head = head_of(raw)
    except Unreadable:
        head = Head("", (), "", "", "", "")
    is_told = 3 < len(head.message_id) <= 250
    message_id = head.message_id if is_told else f"sha256:{hashlib.sha256(raw).hexdigest()}"
    return InboundMail(message_id=message_id, sender=head.sender, raw=raw)


@transaction.atomic
def mail_take(raw: bytes) -> bool:
    """Keep one mail and ask for its handling; False when its Message-ID came before."""
    row = _row_of(raw)
    InboundMail.objects.bulk_create([row], ignore_conflicts=True)
    kept = InboundMail.objects.get(message_id=row.message_id)
    if kept.state != InboundMail.State.RECEIVED:
        return False
    queue.enqueue("mail.receive", payload={"mail_id": kept.pk}, dedup_key=f"mail.receive:{kept.pk}")
    return True
