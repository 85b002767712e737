"""Mails that cost too much: a stranger's is never taken apart, and one that breaks a bound leaves a row."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection

from incidents.intake import mail as mail_intake
from incidents.models import Incident
from integrations.mail import imap, services
from integrations.mail.models import InboundMail
from integrations.mail.parsing import HEAD_BYTES
from integrations.mail.services import mail_collect, mail_take
from prsystem.accounts.models import User
from prsystem.core.bounds.confined import Limits, TooHeavy
from prsystem.core.errors import Unavailable
from prsystem.core.models import Job
from prsystem.mail_servers import parse_mail_server
from tests.jobs import run_jobs
from tests.standins.hostile import Hostile, hostile
from tests.standins.imap_server import ImapStandIn

pytestmark = pytest.mark.django_db


def mail(sender: str, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "soporte@planta.mx", "Bomba parada"
    message["Message-ID"] = "<1@planta.mx>"
    message.set_content("No arranca.")
    extra = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return extra.encode() + message.as_bytes()


@pytest.fixture
def known(ana: User) -> str:
    User.objects.filter(pk=ana.pk).update(email="ana@planta.mx")
    return "ana@planta.mx"


def receive(raw: bytes) -> InboundMail:
    mail_take(raw)
    run_jobs("mail.receive")
    return InboundMail.objects.get()


def test_a_strangers_mail_is_judged_by_its_head_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def unwanted(*_given: object) -> None:
        raise AssertionError("the body of a mail that nobody wants was read")

    monkeypatch.setattr(mail_intake, "parse_confined", unwanted)
    kept = receive(mail("nadie@otra.mx", To="a@b.mx, " * 12_000))
    assert (kept.state, kept.reason, kept.sender) == ("ignorado", "remitente desconocido", "nadie@otra.mx")


def test_a_known_persons_mail_is_read_whatever_its_recipients(known: str) -> None:
    assert receive(mail(known, Cc="a@b.mx, " * 12_000)).state == "procesado"
    assert Incident.objects.get().description == "No arranca."


def test_a_mail_that_runs_into_a_limit_leaves_a_row(known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def heavy(*_given: object) -> None:
        raise TooHeavy

    monkeypatch.setattr(mail_intake, "parse_confined", heavy)
    kept = receive(mail(known))
    assert (kept.state, kept.reason, kept.subject) == ("rechazado", "demasiado pesado de leer", "Bomba parada")


def test_the_limits_are_those_of_a_process(known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from integrations.mail import parsing

    monkeypatch.setattr(parsing, "LIMITS", Limits(parsing.LIMITS.memory_bytes, 30, 0.01))
    assert receive(mail(known)).reason == "demasiado pesado de leer"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_a_mail_is_read_and_what_changed_meanwhile_counts(
    known: str, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, meanwhile = (
        mail_intake.parse_confined,
        [
            lambda: InboundMail.objects.update(state="procesado", reason="otro", raw=None),
            lambda: User.objects.filter(pk=ana.pk).update(is_active=False),
        ],
    )

    def reading(*given: Any) -> Any:
        assert not connection.in_atomic_block
        meanwhile.pop(0)()
        return read(*given)

    monkeypatch.setattr(mail_intake, "parse_confined", reading)
    assert receive(mail(known)).reason == "otro"
    InboundMail.objects.all().delete()
    assert receive(mail(known)).reason == "remitente desconocido"
    assert not Incident.objects.exists()


def test_a_mail_whose_files_can_not_be_kept_now_waits(known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_given: object) -> None:
        raise Unavailable("x")

    monkeypatch.setattr(mail_intake, "attachment_add", away)
    message = message_from_bytes(mail(known), policy=policy.default)
    message.add_attachment(b"hola", maintype="text", subtype="plain", filename="nota.txt")
    kept = receive(message.as_bytes())
    assert (kept.state, kept.raw is None, Incident.objects.count()) == ("recibido", False, 0)
    assert Job.objects.get(kind="mail.receive").state == "pending"


def test_a_head_without_an_end_leaves_a_row() -> None:
    kept = receive(b"X-Y: z\n" * HEAD_BYTES)
    assert (kept.state, kept.reason) == ("rechazado", "ilegible")


def test_a_name_can_not_bring_an_address_of_its_own(known: str) -> None:
    kept = receive(b"From: =?utf-8?q?ana=40planta=2Emx=3E?= <nadie@otra.mx>\nTo: s@p.mx\n\nHola")
    assert (kept.sender, kept.state) == ("nadie@otra.mx", "ignorado")


def test_a_mail_that_is_too_large_stays_in_the_mailbox_and_leaves_a_row(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_BYTES", 1000)
    with ImapStandIn() as box:
        settings.IMAP_SERVER = parse_mail_server(box.url)
        box.add(mail("ana@planta.mx") + b"x" * 2000)
        box.add(mail("luis@planta.mx").replace(b"<1@", b"<2@"))
        assert mail_collect() == 1
        assert (len(box.mails), box.seen) == (2, {1, 2})
    noted, taken = InboundMail.objects.order_by("pk")
    assert (noted.state, noted.reason, noted.sender) == ("rechazado", "demasiado grande", "ana@planta.mx")
    assert (taken.state, taken.sender) == ("recibido", "luis@planta.mx")


@pytest.mark.parametrize(
    "literal",
    [
        b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\nx",
        b"* 1 FETCH (UID 1 BODY[] {40000000}\r\n" + b"x" * 40_000_000,
        b"* 1 FETCH (UID 1)\r\n" * 3_000_000,
    ],
    ids=["told", "sent", "lines"],
)
def test_a_mailbox_that_says_too_much_is_left(literal: bytes) -> None:
    def script(server: Hostile, connection: Any) -> None:
        connection.sendall(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        lines = connection.makefile("rb")
        while line := lines.readline():
            tag, *words = line.split()
            if b"FETCH" in words:
                server.say(connection, literal)
            server.say(connection, b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")

    with hostile(script) as server:
        address = parse_mail_server(f"imap://u:p@127.0.0.1:{server.port}")
        with pytest.raises(imap.MailboxUnavailable), imap.Mailbox(address) as mailbox:
            mailbox.read("1")
