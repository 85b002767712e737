"""With an antivirus: held until it has spoken, gone when it found something, asked again when it is away."""

import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEntry
from incidents.case.look import timeline
from incidents.models import Attachment, Incident
from incidents.moves.attachments import attachment_add
from incidents.moves.scanning import attachment_scan
from integrations import antivirus
from prsystem.accounts.models import User
from prsystem.core.models import Job
from tests.incidents.makers import make_incident
from tests.people import actor, api, browser, make_user

from .hostile_files import EICAR

pytestmark = pytest.mark.django_db


class Clamd(socketserver.StreamRequestHandler):
    """INSTREAM of clamd(8): chunks with their length before them, a chunk of length 0 at the end."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
        self.server.seen.append(len(content))
        if content.startswith(b"limite"):
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        elif b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" in content:
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    seen: list[int]


@pytest.fixture
def clamd(settings) -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Clamd)
    server.seen = []
    settings.CLAMD_ADDRESS = f"tcp://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def away(settings) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.CLAMD_ADDRESS = f"tcp://127.0.0.1:{probe.getsockname()[1]}"


def added(luis: User, content: bytes) -> Attachment:
    incident: Incident = make_incident(make_user("rosa", "reporter"))
    file = SimpleUploadedFile("a.txt", content)
    return attachment_add(actor=actor(luis), incident_id=incident.pk, file=file, name="a.txt", user=luis)


def statuses(luis: User, attachment: Attachment) -> set[int]:
    page = browser(luis).get(f"/incidencias/{attachment.incident.number}/archivos/{attachment.pk}")
    call = api(luis).get(f"/api/incidencias/{attachment.incident_id}/adjuntos/{attachment.pk}")
    return {page.status_code, call.status_code}


def test_a_clean_file_is_held_until_it_was_looked_at(clamd: Server, luis: User) -> None:
    attachment = added(luis, b"hola" * 50_000)
    assert attachment.scan == Attachment.Scan.HELD
    assert statuses(luis, attachment) == {409}
    job = Job.objects.get(kind="attachment.scan")
    attachment_scan(**job.payload)
    attachment.refresh_from_db()
    assert attachment.scan == Attachment.Scan.CLEAN
    assert statuses(luis, attachment) == {200}
    assert clamd.seen == [200_000]


def test_an_infected_file_is_removed_and_written_down(
    clamd: Server, luis: User, django_capture_on_commit_callbacks
) -> None:
    attachment = added(luis, EICAR)
    with django_capture_on_commit_callbacks(execute=True):
        attachment_scan(attachment.pk)
    attachment.refresh_from_db()
    assert attachment.scan == Attachment.Scan.INFECTED
    assert not attachment.file.storage.exists(attachment.file.name)
    assert statuses(luis, attachment) == {404}
    assert AuditEntry.objects.get(accion="incident.file_infected").detalles["hallado"] == "Eicar-Test-Signature"


@pytest.mark.parametrize("is_internal", [True, False])
def test_who_reported_hears_of_no_internal_file(
    is_internal: bool, clamd: Server, luis: User, ana: User, django_capture_on_commit_callbacks
) -> None:
    """Neither that it came nor that the antivirus took it away: page, API, notices, mails."""
    incident = make_incident(ana)
    file = SimpleUploadedFile("despido-de-ana.txt", EICAR)
    attachment = attachment_add(
        actor=actor(luis), incident_id=incident.pk, file=file, name=file.name, user=luis, is_internal=is_internal
    )
    with django_capture_on_commit_callbacks(execute=True):
        attachment_scan(attachment.pk)
    notices = [job for job in Job.objects.exclude(kind="attachment.scan") if "file" in str(job.payload)]
    assert notices == []
    place = f"/api/incidencias/{incident.pk}"
    told = [browser(ana).get(incident.get_absolute_url())]
    told += [api(ana).get(place + part) for part in ("", "/historial", "/adjuntos")]
    support = browser(luis).get(incident.get_absolute_url()).content.decode()
    assert [answer.status_code for answer in told][:3] == [200, 200, 200]
    assert support.count("despido-de-ana") >= 2
    found = ["despido" in answer.content.decode() for answer in told]
    assert any(found) is not is_internal
    entry = AuditEntry.objects.get(accion="incident.file_infected")
    assert entry.detalles.pop("interno") is is_internal
    assert timeline.is_internal(entry), "entries of before don't say"


@pytest.mark.parametrize("content", [b"hola", b"limite"])
def test_without_a_verdict_the_file_stays_held_and_is_asked_for_again(
    content: bytes, luis: User, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("clamd" if content == b"limite" else "away")
    attachment = added(luis, content)
    Job.objects.all().update(state=Job.State.DONE)
    attachment_scan(attachment.pk)
    assert statuses(luis, attachment) == {409}
    assert Job.objects.filter(kind="attachment.scan", state=Job.State.PENDING).count() == 1


def test_without_an_antivirus_nothing_is_held(luis: User) -> None:
    attachment = added(luis, b"hola")
    assert attachment.scan == Attachment.Scan.NONE
    assert statuses(luis, attachment) == {200}
    assert not antivirus.is_configured()
