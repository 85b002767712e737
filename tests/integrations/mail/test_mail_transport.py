"""Over real sockets: SMTP to a real server, IMAP from a stand-in; refusals, retries, marks after the commit."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from integrations.mail import services
from integrations.mail.models import InboundMail, OutgoingMail
from integrations.mail.services import Letter, mail_again, mail_collect, mail_queue, mail_send
from prsystem.core.models import Job
from prsystem.mail_servers import parse_mail_server
from tests.integrations.mail.test_mail_parsing import mail
from tests.jobs import run_jobs
from tests.standins.imap_server import ImapStandIn

pytestmark = pytest.mark.django_db


class Post:
    """Keeps what it is given; answers `refusal` to every recipient when one is set."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.refusal = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope.content)
        return "250 OK"


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    handler = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_SERVER = parse_mail_server(f"smtp://127.0.0.1:{port}?from=soporte@planta.mx")
    yield handler
    controller.stop()


def letter(key: str = "k1", **fields: str) -> Letter:
    values = {"recipient": "ana@planta.mx", "subject": "Bomba ñ", "text": "Texto á", "html": "<p>Texto</p>"}
    return Letter(key=key, message_id=f"<{key}@planta.mx>", **{**values, **fields})


def test_a_mail_goes_out_once(post: Post) -> None:
    assert mail_queue(letter()) and not mail_queue(letter())
    run_jobs("mail.send")
    row = OutgoingMail.objects.get()
    assert row.state == "enviado" and row.sent_at and len(post.mails) == 1
    mail_send(mail_id=row.pk)
    assert len(post.mails) == 1
    assert b"Message-ID: <k1@planta.mx>" in post.mails[0] and b"text/html" in post.mails[0]


def test_without_a_server_mails_are_kept_and_nothing_fails(settings: Any) -> None:
    settings.EMAIL_SERVER = None
    mail_queue(letter())
    row = OutgoingMail.objects.get()
    assert row.state == "retenido" and not Job.objects.exists() and not mail_again(mail_id=row.pk)


def test_a_kept_mail_is_sent_once_there_is_a_server(settings: Any, post: Post) -> None:
    server, settings.EMAIL_SERVER = settings.EMAIL_SERVER, None
    mail_queue(letter())
    settings.EMAIL_SERVER = server
    assert mail_again(mail_id=OutgoingMail.objects.get().pk)
    run_jobs("mail.send")
    assert len(post.mails) == 1


@pytest.mark.parametrize(("refusal", "state", "jobs"), [("550 nobody", "fallido", 0), ("451 later", "pendiente", 1)])
def test_refusals_are_final_or_tried_again(post: Post, refusal: str, state: str, jobs: int) -> None:
    post.refusal = refusal
    mail_queue(letter())
    services.mail_send(mail_id=OutgoingMail.objects.get().pk)
    row = OutgoingMail.objects.get()
    assert (row.state, row.attempts) == (state, 1) and refusal[:3] in row.last_error
    assert Job.objects.filter(kind="mail.send", run_at__gt=row.created_at).count() == jobs + 1


def test_a_server_that_is_away_is_tried_for_long_and_then_given_up(settings: Any) -> None:
    settings.EMAIL_SERVER = parse_mail_server("smtp://127.0.0.1:1?from=a@b.mx")
    mail_queue(letter())
    row = OutgoingMail.objects.get()
    for _attempt in range(len(services.PAUSES_SECONDS)):
        mail_send(mail_id=row.pk)
        row.refresh_from_db()
        assert row.state == "pendiente"
    mail_send(mail_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("fallido", "ConnectionRefusedError")


def test_a_malformed_recipient_is_refused_without_asking_the_server(post: Post) -> None:
    mail_queue(letter(recipient="ana@planta.mx\r\nRCPT TO:<x@y>"))
    run_jobs("mail.send")
    assert OutgoingMail.objects.get().state == "fallido" and not post.mails


@pytest.fixture
def box(settings: Any) -> Iterator[ImapStandIn]:
    with ImapStandIn() as standin:
        settings.IMAP_SERVER = parse_mail_server(standin.url)
        yield standin


def test_mails_are_kept_before_they_are_marked(box: ImapStandIn) -> None:
    first, second = box.add(mail()), box.add(mail(Message_ID="<2@planta.mx>"))
    assert mail_collect() == 2 and box.seen == {first, second}
    assert InboundMail.objects.filter(state="recibido").count() == 2
    assert Job.objects.filter(kind="mail.receive").count() == 2
    assert mail_collect() == 0
    assert all("PEEK" in line for line in box.log if "BODY" in line)


def test_a_mail_that_could_not_be_kept_stays_unread(box: ImapStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    box.add(mail())

    def broken(raw: bytes) -> bool:
        raise ConnectionError("database")

    with monkeypatch.context() as patch:
        patch.setattr(services, "mail_take", broken)
        with pytest.raises(ConnectionError):
            mail_collect()
    assert not box.seen
    assert mail_collect() == 1 and box.seen


def test_the_same_message_is_one_row_however_often_it_comes(box: ImapStandIn) -> None:
    for _copy in range(3):
        box.add(mail())
    mail_collect()
    assert InboundMail.objects.count() == 1
    assert Job.objects.filter(kind="mail.receive").count() == 1


def test_a_mailbox_that_refuses_says_so(box: ImapStandIn, settings: Any) -> None:
    settings.IMAP_SERVER = parse_mail_server(box.url.replace("secreto", "otro"))
    with pytest.raises(services.imap.MailboxUnavailable):
        mail_collect()


def test_without_a_mailbox_nothing_is_fetched(settings: Any) -> None:
    settings.IMAP_SERVER = None
    assert mail_collect() == 0
