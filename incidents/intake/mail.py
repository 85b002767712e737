"""Mails come in: a reply joins its case, a new mail opens one, robots are ignored. Each is dealt with once."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.case.models import Incident
from incidents.case.selectors import incidents_visible_to, survivor_of
from incidents.moves.attachments import attachment_add
from incidents.moves.conversation import COMMENT_LENGTH, comment_add
from incidents.notices.threads import incident_id_in
from integrations.mail.models import InboundMail
from integrations.mail.parsing import Head, Incoming, IncomingFile, Unreadable, head_of, parse_confined
from prsystem.accounts.models import Area, User
from prsystem.accounts.selectors import area_by_code, areas_in, users_by_email
from prsystem.core.bounds.confined import TooHeavy
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import Conflict, DomainError, Unavailable
from prsystem.core.text.cleaning import has_forbidden_controls, is_blank, shorten
from prsystem.runtime.selectors import get_setting

from .reporting import DESCRIPTION_LENGTH, REFERENCE_LENGTH, TITLE_LENGTH, Report, incident_report

State = InboundMail.State
SOURCE = "correo"
UNKNOWN_REPORTS = "reportar"


class Ignored(Exception):
    """The mail changes nothing; the text is the reason that the console shows."""


@dataclass(frozen=True)
class Sender:
    """Who wrote: a person of the system, or an address that isn't known."""

    actor: Actor
    user: User | None
    address: str


def mail_receive(*, mail_id: int) -> None:
    """The job: deal with a mail that was kept, once. It is read before its row is locked: that may take minutes. What
    it leads to and its new state are one transaction. Unavailable, and the mail still waits, where its files can't be
    kept now."""
    waiting = InboundMail.objects.filter(pk=mail_id, state=State.RECEIVED, raw__isnull=False)
    mail = waiting.first()
    if mail is None:
        return
    try:
        _deal_with(waiting, mail, _read(mail))
    except Unreadable:
        _end(waiting, mail, State.REFUSED, "ilegible")
    except TooHeavy:
        _end(waiting, mail, State.REFUSED, "demasiado pesado de leer")
    except Ignored as reason:
        _end(waiting, mail, State.IGNORED, str(reason))
    except Unavailable:
        raise
    except DomainError as error:
        _end(waiting, mail, State.REFUSED, error.code)


def _end(waiting: QuerySet[InboundMail], mail: InboundMail, state: State, reason: str = "") -> bool:
    """Whether it still waited."""
    return bool(waiting.update(state=state, reason=reason[:60], subject=mail.subject, raw=None))


def _read(mail: InboundMail) -> Incoming:
    """By its head alone it is decided whether anybody wants it; only then the rest is read."""
    raw = bytes(mail.raw or b"")
    head = head_of(raw)
    mail.subject = shorten(head.subject, 250)
    _welcomed(mail, head)
    return parse_confined(raw, head)


@transaction.atomic
def _deal_with(waiting: QuerySet[InboundMail], mail: InboundMail, incoming: Incoming) -> None:
    if not _end(waiting, mail, State.DONE):
        return
    sender, incident, area = _welcomed(mail, incoming)  # also by what is so now
    made = _join(sender, incident, incoming) if incident else _open(sender, incoming, area)
    InboundMail.objects.filter(pk=mail.pk).update(resource=made.resource)


def _welcomed(mail: InboundMail, head: Head) -> tuple[Sender, Incident | None, Area]:
    """Who wrote, the case that is answered, and the area. Ignored says why nobody wants it."""
    _require_a_person(mail, head)
    sender, incident = _sender(head), _case_of(head)
    return sender, incident, _require_welcome(sender, incident, head)


def _require_welcome(sender: Sender, incident: Incident | None, head: Head) -> Area:
    """The area of the case, new or not; Ignored says why the mail is none of ours. Strangers may answer in the case
    that they opened by mail."""
    if incident is None:
        if sender.user is None and get_setting("mail.unknown_senders") != UNKNOWN_REPORTS:
            raise Ignored("remitente desconocido")
        if (area := _area_for(sender, head)) is None:
            raise Ignored("sin área")
        return area
    if sender.user is None and incident.reporter_label != sender.address:
        raise Ignored("remitente desconocido")
    if sender.user is not None and not incidents_visible_to(sender.user.rights).filter(pk=incident.pk).exists():
        raise Ignored("sin permiso")
    return incident.area


def _require_a_person(mail: InboundMail, head: Head) -> None:
    if head.robot:
        raise Ignored(head.robot)
    if incident_id_in([head.message_id]) is not None:
        raise Ignored("propio")
    hour_ago = timezone.now() - timedelta(hours=1)
    lately = InboundMail.objects.filter(sender=mail.sender, received_at__gt=hour_ago, pk__lt=mail.pk).count()
    if lately >= get_setting("mail.per_sender_and_hour"):
        raise Ignored("demasiados de este remitente")


def _sender(head: Head) -> Sender:
    """One active person with this address; two with the same one are nobody."""
    if not head.sender:
        raise Ignored("sin remitente")
    found = list(users_by_email(head.sender)[:2])
    if len(found) == 1:
        return Sender(found[0].as_actor(), found[0], head.sender)
    stranger = Actor(kind="system", label=head.sender[:150], rights=SYSTEM.rights)
    return Sender(stranger, None, head.sender)


def _case_of(head: Head) -> Incident | None:
    incident_id = incident_id_in([*head.recipients, head.references])
    found = Incident.objects.select_related("area").filter(pk=incident_id).first() if incident_id else None
    return survivor_of(found) if found else None


def _join(sender: Sender, incident: Incident, incoming: Incoming) -> Incident:
    """A comment for everybody concerned."""
    refused = _attach(sender, incident, incoming.files)
    text = shorten(_body(incoming, refused), COMMENT_LENGTH)
    comment_add(actor=sender.actor, incident_id=incident.pk, body=text, author=sender.user)
    return incident


def _open(sender: Sender, incoming: Incoming, area: Area) -> Incident:
    title = shorten(incoming.subject, TITLE_LENGTH)
    report = Report(
        title=_("(without subject)") if is_blank(title) else title,
        description=shorten(_body(incoming, []), DESCRIPTION_LENGTH),
        area=area.code,
        source=SOURCE,
        external_reference=_reference(incoming.message_id),
    )
    incident = incident_report(actor=sender.actor, report=report, reporter=sender.user)
    refused = _attach(sender, incident, incoming.files)
    if refused:
        comment_add(actor=sender.actor, incident_id=incident.pk, body=_refusal(refused), author=sender.user)
    return incident


def _reference(message_id: str) -> str:
    """The Message-ID, or its digest where it is too long."""
    if len(message_id) <= REFERENCE_LENGTH:
        return message_id
    return f"sha256:{sha256(message_id.encode()).hexdigest()}"


def _area_for(sender: Sender, head: Head) -> Area | None:
    """The area behind the plus sign of the address, else the site's one, else the first that the sender is in."""
    belongs = sender.actor.rights.belongs
    tags = [address.partition("@")[0].partition("+")[2] for address in head.recipients]
    for code in [*tags, str(get_setting("mail.area"))]:
        area = None if not code or has_forbidden_controls(code) else area_by_code(code)
        if area is not None and area.pk in belongs:
            return area
    return areas_in(belongs).order_by("code").first() if sender.user else None


def _attach(sender: Sender, incident: Incident, files: tuple[IncomingFile, ...]) -> list[str]:
    """Keep the files; the names of those that aren't accepted."""
    refused = []
    for file in files:
        content = ContentFile(file.content, name=file.name)
        try:
            attachment_add(actor=sender.actor, incident_id=incident.pk, file=content, name=file.name, user=sender.user)
        except (Conflict, Unavailable):
            raise  # the mail is taken up again later, with its files
        except DomainError:
            refused.append(file.name)
    return refused


def _body(incoming: Incoming, refused: list[str]) -> str:
    parts = [incoming.text or incoming.subject or _("(without text)")]
    return "\n\n".join([*parts, *([_refusal(refused)] if refused else [])])


def _refusal(refused: list[str]) -> str:
    return _("Files of the mail that were not accepted: %(names)s.") % {"names": ", ".join(refused)[:500]}
