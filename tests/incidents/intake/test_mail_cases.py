"""Mails and cases: what notifications say, replies join, new mails open, robots stop, strangers wait outside."""

import base64
from email.message import EmailMessage
from typing import Any

import pytest

from incidents.models import Attachment, Comment, Incident
from incidents.moves.conversation import comment_add
from incidents.notices.mailing import digest_mail, digests_request
from incidents.notices.models import Notification
from incidents.notices.threads import incident_id_in, reply_address, token_of
from integrations.mail.models import InboundMail, OutgoingMail
from integrations.mail.services import mail_take
from prsystem.accounts.models import User
from prsystem.mail_servers import parse_mail_server
from prsystem.runtime import selectors as runtime
from tests.incidents.makers import claimed, make_incident
from tests.jobs import run_jobs
from tests.people import actor, api

pytestmark = pytest.mark.django_db
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
JOBS = ("incident.notify", "notice.mail", "mail.receive", "notice.digest")


@pytest.fixture(autouse=True)
def servers(settings: Any) -> None:
    settings.EMAIL_SERVER = parse_mail_server("smtp://127.0.0.1:1?from=soporte@planta.mx")
    settings.IMAP_SERVER = parse_mail_server("imap://buzon:x@127.0.0.1:1")


@pytest.fixture
def people(ana: User, luis: User) -> None:
    for user in (ana, luis):
        user.email = f"{user.username}@planta.mx"
        user.save()


@pytest.fixture
def incident(people: None, ana: User, luis: User) -> Incident:
    return claimed(make_incident(ana), luis)


def incoming(sender: str, body: str = "Sigue igual", to: str = "soporte@planta.mx", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, headers.pop("Subject", "Re: Bomba")
    message["Message-ID"] = headers.pop("Message_ID", f"<{abs(hash((sender, body, to)))}@planta.mx>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def receive(raw: bytes) -> InboundMail:
    mail_take(raw)
    run_jobs(*JOBS)
    return InboundMail.objects.latest("pk")


def test_a_comment_is_mailed_in_the_language_of_who_gets_it(incident: Incident, ana: User, luis: User) -> None:
    User.objects.filter(pk=ana.pk).update(language="en")
    comment_add(actor=actor(luis), incident_id=incident.pk, body="Ya <b>reviso</b>", author=luis)
    run_jobs(*JOBS)
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.state) == ("ana@planta.mx", "pendiente")
    assert mail.subject == f"[{incident.number}] La prensa no arranca"
    assert f"Luis Peña commented on {incident.number}" in mail.text and "Ya <b>reviso</b>" in mail.text
    assert "Ya &lt;b&gt;reviso&lt;/b&gt;" in mail.html and "<b>reviso" not in mail.html
    assert incident_id_in([mail.reply_to]) == incident_id_in([mail.message_id]) == incident.pk
    assert mail.thread.startswith(f"<{token_of(incident.pk)}@") and incident.get_absolute_url() in mail.text
    comment_add(actor=actor(ana), incident_id=incident.pk, body="Gracias", author=ana)
    run_jobs(*JOBS)
    assert "Ana Ruiz comentó en" in OutgoingMail.objects.get(recipient="luis@planta.mx").text
    assert Notification.objects.filter(mailed_at=None).count() == 0


def test_a_line_break_in_a_title_stays_in_the_title(incident: Incident, luis: User) -> None:
    Incident.objects.filter(pk=incident.pk).update(title="Bomba\r\nBcc: x@malo.mx")
    comment_add(actor=actor(luis), incident_id=incident.pk, body="Veo", author=luis)
    run_jobs(*JOBS)
    assert OutgoingMail.objects.get().subject == f"[{incident.number}] Bomba Bcc: x@malo.mx"


def test_a_daily_digest_is_one_mail(incident: Incident, ana: User, luis: User) -> None:
    api(ana).patch("/api/avisos/preferencias", {"ritmo": "diario"})
    for body in ("Uno", "Dos"):
        comment_add(actor=actor(luis), incident_id=incident.pk, body=body, author=luis)
    run_jobs(*JOBS)
    assert not OutgoingMail.objects.exists()
    digest_mail(user_id=ana.pk, day="2026-11-24")
    digest_mail(user_id=ana.pk, day="2026-11-24")
    mail = OutgoingMail.objects.get()
    assert mail.subject == "PR-System: 2 avisos del 2026-11-24" and mail.text.count("Luis Peña comentó en") == 2


def test_the_digest_waits_for_its_hour(incident: Incident, ana: User, luis: User) -> None:
    from django.utils import timezone

    api(ana).patch("/api/avisos/preferencias", {"ritmo": "diario"})
    comment_add(actor=actor(luis), incident_id=incident.pk, body="Uno", author=luis)
    run_jobs("incident.notify")
    hour = timezone.localtime().hour
    runtime.keep({"mail.digest_hour": (hour + 1) % 24}, float("inf"))
    assert digests_request() == 0
    runtime.keep({"mail.digest_hour": hour}, float("inf"))
    assert digests_request() == 1


@pytest.mark.parametrize("by_address", [True, False])
def test_a_reply_joins_its_case(incident: Incident, ana: User, settings: Any, by_address: bool) -> None:
    to = reply_address(incident.pk, settings.EMAIL_SERVER) if by_address else "soporte@planta.mx"
    references = "" if by_address else f"<aviso-9.{token_of(incident.pk)}@planta.mx>"
    body = "Sigue igual\n\n##- Responder por encima de esta línea -##\nviejo"
    mail = receive(incoming("Ana <ANA@planta.mx>", body, to, References=references or "<x@y>"))
    assert (mail.state, mail.resource, mail.raw) == ("procesado", incident.resource, None)
    comment = Comment.objects.get()
    assert (comment.body, comment.author, comment.is_internal) == ("Sigue igual", ana, False)
    assert Incident.objects.count() == 1
    assert [n.user.username for n in Notification.objects.all()] == ["luis"]


def test_a_forged_token_joins_nothing(incident: Incident) -> None:
    mail = receive(incoming("ana@planta.mx", to=f"soporte+inc-{incident.pk}-{'0' * 20}@planta.mx"))
    assert mail.state == "procesado" and mail.resource != incident.resource
    assert not Comment.objects.filter(incident=incident).exists()


def test_somebody_without_the_right_joins_nothing(incident: Incident, ivan: User, settings: Any) -> None:
    User.objects.filter(pk=ivan.pk).update(email="ivan@planta.mx")
    mail = receive(incoming("ivan@planta.mx", to=reply_address(incident.pk, settings.EMAIL_SERVER)))
    assert (mail.state, mail.reason) == ("ignorado", "sin permiso") and not Comment.objects.exists()


def test_a_new_mail_of_a_known_person_opens_a_case_with_its_files(people: None, ana: User) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ana@planta.mx", "soporte@planta.mx", "Bomba\tparada"
    message["Message-ID"] = "<nuevo@planta.mx>"
    message.set_content("No arranca <script>alert(1)</script>")
    message.add_attachment(PNG, maintype="image", subtype="png", filename="../../foto.png")
    message.add_attachment(b"MZ\x90\0" * 20, maintype="image", subtype="png", filename="virus.png")
    mail = receive(message.as_bytes())
    incident = Incident.objects.get()
    assert mail.resource == incident.resource
    assert (incident.title, incident.source, incident.reporter, incident.area.code) == (
        "Bomba parada", "correo", ana, "PROD",
    )  # fmt: skip
    assert [file.name for file in Attachment.objects.all()] == ["foto.png"]
    assert "virus.png" in Comment.objects.get().body


def test_a_mail_without_subject_or_text_opens_a_case_too(people: None, ana: User) -> None:
    receive(incoming("ana@planta.mx", "", Subject=""))
    incident = Incident.objects.get()
    assert (incident.title, incident.description) == ("(sin asunto)", "(sin texto)")


def test_the_address_names_the_area(people: None, ana: User, mant: Any) -> None:
    from prsystem.accounts.models import RoleGrant

    RoleGrant.objects.create(user=ana, role="reporter", area=mant)
    receive(incoming("ana@planta.mx", to="Soporte <soporte+MANT@planta.mx>"))
    assert Incident.objects.get().area.code == "MANT"


def test_the_same_mail_is_dealt_with_once(people: None, ana: User) -> None:
    raw = incoming("ana@planta.mx")
    assert receive(raw).state == "procesado"
    assert not mail_take(raw)
    run_jobs(*JOBS)
    assert Incident.objects.count() == 1 and InboundMail.objects.count() == 1


def test_robots_stop_here(incident: Incident, settings: Any) -> None:
    to = reply_address(incident.pk, settings.EMAIL_SERVER)
    for number, headers in enumerate(({"Auto_Submitted": "auto-replied"}, {"X_Loop": "soporte@planta.mx"})):
        mail = receive(incoming("ana@planta.mx", to=to, Message_ID=f"<r{number}@x>", **headers))
        assert mail.state == "ignorado" and mail.reason
    own = receive(incoming("ana@planta.mx", to=to, Message_ID=f"<a.{token_of(incident.pk)}@planta.mx>"))
    assert own.reason == "propio"
    assert not Comment.objects.exists() and Incident.objects.count() == 1


def test_a_flood_of_one_sender_stops(people: None, ana: User) -> None:
    runtime.keep({"mail.per_sender_and_hour": 3}, float("inf"))
    states = [receive(incoming("ana@planta.mx", Message_ID=f"<f{n}@x>")).state for n in range(5)]
    assert states == ["procesado"] * 3 + ["ignorado"] * 2 and Incident.objects.count() == 3


def test_strangers_are_ignored_unless_the_site_takes_them(people: None, prod: Any, luis: User, settings: Any) -> None:
    assert receive(incoming("cliente@fuera.mx")).reason == "remitente desconocido"
    runtime.keep({"mail.unknown_senders": "reportar", "mail.area": "PROD"}, float("inf"))
    receive(incoming("cliente@fuera.mx", Message_ID="<s2@x>"))
    incident = Incident.objects.get()
    assert (incident.reporter, incident.reporter_label) == (None, "cliente@fuera.mx")
    to = reply_address(incident.pk, settings.EMAIL_SERVER)
    receive(incoming("cliente@fuera.mx", "Más datos", to, Message_ID="<s3@x>"))
    assert receive(incoming("otro@fuera.mx", to=to, Message_ID="<s4@x>")).reason == "remitente desconocido"
    comment = Comment.objects.get()
    incident.refresh_from_db()
    assert (comment.author_label, incident.responded_at) == ("cliente@fuera.mx", None)


def test_unreadable_bytes_are_refused_and_dropped(people: None) -> None:
    mail = receive(b"Content-Type: multipart/report\nFrom: x@y\n\n\x00")
    assert mail.state in ("ignorado", "rechazado") and mail.raw is None and not Incident.objects.exists()


def test_mails_that_were_sent_long_ago_still_find_their_case(settings: Any) -> None:
    """The token stands in mails out there: whatever moves in the code, it stays as it is."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "una clave que no cambia", []
    assert token_of(12) == "inc-12-0acecc64f1592dc1d27d"
    assert incident_id_in([f"<aviso-1.{token_of(12)}@planta.mx>"]) == 12
