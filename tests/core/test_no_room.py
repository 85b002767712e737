"""A disk of the server that is full is told as such, with 503, by page and API alike."""

import errno
import gc
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from incidents.models import Incident
from prsystem.accounts.models import Area
from prsystem.core.errors import is_no_room
from prsystem.core.rights import Role
from tests.drills import single
from tests.incidents.makers import make_incident
from tests.people import api, browser, make_user

pytestmark = pytest.mark.django_db


def full_database(**given: object) -> None:
    raise OperationalError("could not extend file") from psycopg.errors.DiskFull("could not extend file")


def no_inodes(**given: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_only_a_full_disk_is_one() -> None:
    assert is_no_room(OSError(errno.EROFS, "read-only"))
    assert not is_no_room(OSError(errno.EACCES, "denied"))
    assert not is_no_room(OperationalError("server closed the connection"))
    assert not is_no_room(None)


@pytest.mark.parametrize("fault", [full_database, no_inodes])
def test_a_report_that_finds_no_room_says_so(prod: Area, monkeypatch: pytest.MonkeyPatch, fault: Any) -> None:
    ana = make_user("ana", Role.REPORTER, areas=[prod])
    monkeypatch.setattr("incidents.api.views.incident_report", fault)
    body = {"titulo": "La banda no arranca", "descripcion": "Desde las 6:00 no arranca.", "area": "PROD"}
    answer = api(ana).post("/api/incidencias", body, format="json")
    assert (answer.status_code, answer.json()["codigo"]) == (503, "sin_espacio")
    assert answer.headers["Retry-After"]
    assert not Incident.objects.exists()


def test_a_file_that_has_no_room_on_the_way_in(prod: Area, settings: Any) -> None:
    """Before it is stored, a file lies among the temporary ones."""
    ana = make_user("ana", Role.REPORTER, areas=[prod])
    incident = make_incident(ana)
    try:
        with single.small_disk() as disk:
            settings.FILE_UPLOAD_TEMP_DIR = str(disk)
            single.fill(disk)
            _sent(ana, incident)
            gc.collect()  # what was half uploaded goes with the disk
    except PermissionError as error:
        pytest.skip(str(error))


def _sent(ana: Any, incident: Incident) -> None:
    content = b"%PDF-1.4\n" + bytes(3 << 20)
    file = SimpleUploadedFile("plano.pdf", content, "application/pdf")
    answer = api(ana).post(f"/api/incidencias/{incident.pk}/adjuntos", {"archivo": file}, format="multipart")
    assert (answer.status_code, answer.json()["codigo"]) == (503, "sin_espacio")
    file.seek(0)
    page = browser(ana).post("/incidencias/nueva", {"title": "La banda no arranca", "files": file})
    assert page.status_code == 503
    assert "disco" in page.content.decode()
