"""Hostile and ordinary mails as data: nothing of them is markup, commands or headers afterwards."""

from email.message import EmailMessage

import pytest

from integrations.mail.composing import compose
from integrations.mail.models import OutgoingMail
from integrations.mail.parsing import Unreadable, own_words, parse, plain_from_html
from prsystem.mail_servers import MailServer, parse_mail_server


def mail(body: str = "No arranca.", html: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Ana Ruiz <ana@planta.mx>"
    message["To"] = "soporte@planta.mx"
    message["Subject"] = "Bomba parada"
    message["Message-ID"] = "<1@planta.mx>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def test_an_ordinary_mail_is_read() -> None:
    found = parse(mail("No arranca.\nHace ruido.", References="<a@b> <c@d>"))
    assert (found.sender, found.subject, found.text) == ("ana@planta.mx", "Bomba parada", "No arranca.\nHace ruido.")
    assert found.recipients == ("soporte@planta.mx",) and "<c@d>" in found.references and found.robot == ""


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "respuesta automática"),
        ({"Auto_Submitted": "auto-generated; x=1"}, "respuesta automática"),
        ({"X_Autoreply": "yes"}, "respuesta automática"),
        ({"Precedence": "bulk"}, "lista de correo"),
        ({"List_Id": "<x.planta.mx>"}, "lista de correo"),
        ({"X_Loop": "soporte@planta.mx"}, "bucle"),
        ({"Return_Path": "<>"}, "rebote"),
        ({"From": "MAILER-DAEMON@planta.mx"}, "rebote"),
        ({"Auto_Submitted": "no"}, ""),
    ],
)
def test_robots_are_known(headers: dict[str, str], reason: str) -> None:
    assert parse(mail(**headers)).robot == reason


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Hola</p><script>alert(1)</script>",
        "<style>p{}</style><p>Hola</p><img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>Hola</a>",
        "<svg><script>alert(1)</script></svg><div>Hola</div>",
        "<!--[if mso]><script>alert(1)</script><![endif]-->Hola",
    ],
)
def test_hostile_html_leaves_only_words(markup: str) -> None:
    assert plain_from_html(markup).strip() == "Hola"


def test_html_only_mails_keep_their_lines() -> None:
    message = EmailMessage()
    message["From"] = "ana@planta.mx"
    message.set_content("<div>Uno</div><div>Dos &lt;tres&gt;<br>cuatro</div>", subtype="html")
    assert parse(message.as_bytes()).text == "Uno\nDos <tres>\ncuatro"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Ya funciona\n\n##- Responder por encima de esta línea -##\nviejo", "Ya funciona"),
        ("Ya funciona\n\nEl lun, 2 nov 2026 a las 9:00, Soporte (<s@p.mx>) escribió:\n> viejo", "Ya funciona"),
        ("Fixed\nOn Mon, Nov 2, 2026 at 9:00 AM Support <s@p.mx> wrote:\n> old", "Fixed"),
        ("> solo citas\n> nada más", "> solo citas\n> nada más"),
        ("a > b y b < c", "a > b y b < c"),
    ],
)
def test_what_is_answered_is_left_out(text: str, own: str) -> None:
    assert own_words(text) == own


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 50,
        b"Subject: =?utf-8?b?====?=\nFrom: <<>>,,;@\n\nx",
        b"Content-Type: text/plain; charset=no-such\n\n\xf1and\xfa",
        b"Content-Type: multipart/mixed; boundary=\n\n--\n--",
        b"From: a@b\nContent-Type: text/html; charset=\x80\n\n<b>x",
        b"To: " + b"a@b.mx, " * 5000 + b"\n\nx",
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 500,
    ],
)
def test_broken_mails_are_read_or_refused_but_never_break(raw: bytes) -> None:
    try:
        found = parse(raw)
    except Unreadable:
        return
    assert isinstance(found.text, str) and "\x00" not in found.text and len(found.recipients) <= 50


def outgoing(**fields: str) -> OutgoingMail:
    values = {"recipient": "ana@planta.mx", "subject": "Bomba", "text": "t", "html": "<p>t</p>", "message_id": "<x@y>"}
    return OutgoingMail(**{**values, **fields})


def test_a_title_can_not_add_headers() -> None:
    server = parse_mail_server("smtp://localhost?from=soporte@planta.mx")
    built = compose(outgoing(subject="Bomba\r\nBcc: otro@malo.mx\r\n\r\n<b>", thread="<t@y>"), server, "Planta\r\nX: y")
    assert built["Subject"] == "Bomba Bcc: otro@malo.mx <b>" and built["Bcc"] is None and built["X"] is None
    assert b"\nBcc:" not in built.as_bytes() and built["References"] == built["In-Reply-To"] == "<t@y>"
    assert built["Auto-Submitted"] == "auto-generated" and built["From"].addresses[0].addr_spec == "soporte@planta.mx"


@pytest.mark.parametrize("name", ["recipient", "reply_to", "message_id"])
def test_other_fields_with_line_breaks_are_refused(name: str) -> None:
    server = parse_mail_server("smtp://localhost")
    with pytest.raises(ValueError):
        compose(outgoing(**{name: "a@b.mx\r\nBcc: c@d.mx"}), server, "Planta")


def test_servers_are_read_from_urls() -> None:
    server = parse_mail_server("smtps://sop%40planta.mx:cl%2Fave@mail.planta.mx?from=soporte@planta.mx&plus=no")
    assert server == MailServer(
        "mail.planta.mx", 465, True, "required", "sop@planta.mx", "cl/ave", "soporte@planta.mx", False
    )
    assert "cl/ave" not in repr(server)
    assert parse_mail_server("smtp://correo").starttls == "auto"
    assert parse_mail_server("imap://u:p@127.0.0.1:1143").port == 1143


@pytest.mark.parametrize(
    "url",
    [
        "smtp://",
        "smtp://h?starttls=x",
        "smtp://h?otra=1",
        "smtp://u:p@h?starttls=never",
        "smtp://h?from=a%0D%0Ab@c",
        "smtp://h:x",
    ],
)
def test_servers_that_can_not_be_used_are_refused(url: str) -> None:
    with pytest.raises(ValueError):
        parse_mail_server(url)
