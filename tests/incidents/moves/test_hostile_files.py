"""More than two hundred hostile files, through the API: refused with a reason and written down, or kept where they can
do nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from incidents.models import Attachment, Incident
from prsystem.accounts.models import User
from tests.incidents.makers import make_incident
from tests.people import api, browser, make_user
from tests.refusals import refused

from .hostile_files import HOSTILE, INERT, REFUSED, Hostile, archive, gif, jpeg, png, webp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_refusals")]
BOUNDARY = "--limite-del-cuerpo"
GOOD = {
    "a.png": png(640, 480),
    "a.jpg": jpeg(640, 480),
    "a.gif": gif(64, 48),
    "a.webp": webp(640, 480),
    "a.pdf": b"%PDF-1.7\n%%EOF",
    "a.zip": archive(("carpeta/a.txt", b"hola")),
    "a.docx": archive(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")),
    "a.odt": archive(("mimetype", b"application/vnd.oasis.opendocument.text")),
    "registro.log": b"2026-11-24 08:00 alarma E-4012\n",
}


@pytest.fixture
def incident(luis: User) -> Incident:
    return make_incident(make_user("rosa", "reporter"))


def sent(client: APIClient, incident: Incident, name: str, content: bytes) -> object:
    """A raw form, so that the name goes out as it is."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="archivo"; filename="{name}"\r\n'
    body = head.encode() + b"Content-Type: image/png\r\n\r\n" + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    return client.generic(
        "POST",
        f"/api/incidencias/{incident.pk}/adjuntos",
        body,
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )


def is_inert(response: object, attachment: Attachment) -> bool:
    """Sent so that no browser runs it or takes it for something else."""
    disposition = response.headers["Content-Disposition"]
    kind = response.headers["Content-Type"]
    return (
        response.status_code == 200
        and response.headers["X-Content-Type-Options"] == "nosniff"
        and "sandbox" in response.headers["Content-Security-Policy"]
        and "default-src 'none'" in response.headers["Content-Security-Policy"]
        and (kind == "application/octet-stream" if disposition.startswith("attachment") else kind.startswith("image/"))
        and not any(ord(char) < 32 or ord(char) == 127 for char in disposition)
    )


def test_there_are_more_than_two_hundred() -> None:
    assert len(HOSTILE) > 200
    assert len({hostile.label for hostile in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.label)
def test_a_hostile_file_is_refused_or_inert(hostile: Hostile, incident: Incident, luis: User) -> None:
    answer = sent(api(luis), incident, hostile.name, hostile.content)
    if hostile.fate == REFUSED or answer.status_code != 201:
        assert answer.status_code in (400, 413, 415), answer.content
        assert answer.json()["detail"]
        assert not Attachment.objects.exists()
        (entry,) = refused("file.refused")
        assert entry.usuario_id == luis.pk
        return
    assert hostile.fate == INERT
    attachment = Attachment.objects.get()
    assert "/" not in attachment.name
    assert attachment.file.name.startswith("adjuntos/")
    assert attachment.file.name.endswith(".bin")
    assert attachment.name.isprintable()
    for response in (
        browser(luis).get(f"/incidencias/{incident.number}/archivos/{attachment.pk}"),
        api(luis).get(f"/api/incidencias/{incident.pk}/adjuntos/{attachment.pk}"),
    ):
        assert is_inert(response, attachment), response.headers


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_kept(name: str, incident: Incident, luis: User) -> None:
    answer = sent(api(luis), incident, name, GOOD[name])
    assert answer.status_code == 201, answer.content
    assert answer.json()["nombre"] == name


def test_a_file_refused_by_the_page_is_written_down_with_its_name(incident: Incident, luis: User) -> None:
    bad = SimpleUploadedFile("../planos/../foto.png", b"MZ\x90\x00", "image/png")
    client = browser(luis)
    assert client.post(f"/incidencias/{incident.number}/adjuntar", {"archivos": bad}).status_code == 422
    (entry,) = refused("file.refused")
    assert (entry.detalles["archivos"], entry.detalles["estado"]) == (["foto.png"], 422)
