"""The file store is gone: said as such (503), nothing is half kept, and what was typed stays."""

import socket
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.html import escape

from audit.models import AuditEntry
from audit.seals import heads
from audit.seals.sealing import batch_seal
from incidents.models import Attachment, Incident
from incidents.moves.attachments import attachment_add
from incidents.moves.scanning import attachment_scan
from integrations.backups.errors import BackupError
from integrations.backups.files import TarStream
from prsystem.accounts.models import User
from prsystem.core.files.stored import StoreAway
from prsystem.core.models import IdempotencyRecord, Job
from tests.incidents.makers import make_incident
from tests.people import actor, api, browser

pytestmark = pytest.mark.django_db
CODE = "almacen_no_disponible"


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("nota.txt", b"la fuga sigue\n")


def said() -> str:
    with translation.override("es"):
        return escape(str(StoreAway.message))


@pytest.fixture
def kept(ana: User, luis: User) -> Attachment:
    """A file from the time when the store was there."""
    incident: Incident = make_incident(ana)
    return attachment_add(actor=actor(luis), incident_id=incident.pk, file=file(), name="nota.txt", user=luis)


@pytest.fixture
def dead(kept: Attachment, settings: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    options = {
        "bucket_name": "prs",
        "endpoint_url": address,
        "region_name": "us-east-1",
        "access_key": "x",
        "secret_key": "x",
    }
    gone = {"BACKEND": "prsystem.core.bounds.stores.BoundedS3Storage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": gone, "audit": gone}


@pytest.mark.usefixtures("dead")
def test_the_api_refuses_a_file_with_503_and_keeps_nothing(kept: Attachment, luis: User) -> None:
    entries, path = AuditEntry.objects.count(), f"/api/incidencias/{kept.incident_id}/adjuntos"
    answer = api(luis).post(path, {"archivo": file()}, format="multipart", headers={"Idempotency-Key": "una"})
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert (answer.json()["codigo"], answer["Retry-After"]) == (CODE, "30")
    assert "127.0.0.1" not in answer.content.decode()
    assert list(Attachment.objects.all()) == [kept]
    assert AuditEntry.objects.count() == entries
    assert not IdempotencyRecord.objects.filter(key="una").exists()


@pytest.mark.usefixtures("dead")
def test_reading_a_file_says_503_on_page_and_api(kept: Attachment, luis: User) -> None:
    page = browser(luis).get(f"/incidencias/{kept.incident.number}/archivos/{kept.pk}")
    call = api(luis).get(f"/api/incidencias/{kept.incident_id}/adjuntos/{kept.pk}")
    assert (page.status_code, call.status_code, call.json()["codigo"]) == (503, 503, CODE)


@pytest.mark.usefixtures("dead")
def test_the_report_page_keeps_what_was_typed(ana: User) -> None:
    before = Incident.objects.count()
    values = {
        "token": "0" * 32,
        "titulo": "Fuga en la prensa 7",
        "descripcion": "Pierde aceite desde el cambio de turno",
        "area": "PROD",
        "impacto": "3",
        "urgencia": "3",
    }
    page = browser(ana).post("/incidencias/nueva", values | {"archivos": file()})
    text = page.content.decode()
    assert page.status_code == 503
    assert values["titulo"] in text
    assert values["descripcion"] in text
    assert said() in text
    assert Incident.objects.count() == before
    without = browser(ana).post("/incidencias/nueva", values)
    assert without.status_code == 302


@pytest.mark.usefixtures("dead")
def test_the_incident_page_says_it_beside_the_form(kept: Attachment, luis: User) -> None:
    page = browser(luis).post(f"/incidencias/{kept.incident.number}/adjuntar", {"archivos": file()})
    assert page.status_code == 503
    assert said() in page.content.decode()
    assert Attachment.objects.count() == 1


@pytest.mark.usefixtures("dead")
def test_a_scan_is_put_off(kept: Attachment) -> None:
    Attachment.objects.filter(pk=kept.pk).update(scan=Attachment.Scan.HELD)
    attachment_scan(kept.pk)
    kept.refresh_from_db()
    assert kept.scan == Attachment.Scan.HELD
    assert Job.objects.filter(dedup_key=f"attachment.scan:{kept.pk}").exists()


@pytest.mark.usefixtures("dead")
def test_heads_of_the_trail_wait_for_the_next_round(luis: User) -> None:
    assert batch_seal() > 0
    with pytest.raises(StoreAway):
        heads.head_export()
    assert heads.head_export_if_there() is None
    with pytest.raises(StoreAway):
        heads.head_newest()


@pytest.mark.usefixtures("dead")
def test_a_copy_fails_with_its_reason(kept: Attachment) -> None:
    with pytest.raises(BackupError, match="store of files") as raised:
        TarStream(iter([str(kept.file)])).read()
    assert raised.value.code == "store_failed"


def test_a_file_that_is_gone_from_the_folder_is_missing(kept: Attachment, luis: User) -> None:
    Path(kept.file.path).unlink()
    answer = api(luis).get(f"/api/incidencias/{kept.incident_id}/adjuntos/{kept.pk}")
    assert answer.status_code == 404
