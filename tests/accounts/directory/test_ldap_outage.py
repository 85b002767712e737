"""A directory that is away, hangs or shows a wrong certificate: 503 and nothing counted, never "wrong password"."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client

from audit.models import AuditEntry
from prsystem.accounts.models import User
from prsystem.core.rights import Role
from tests.accounts.directory.conftest import PASSWORD, forget_failures, point_at
from tests.people import api, make_user
from tests.standins.slapd import BASE, READER, Directory, certificates, free_port

pytestmark = pytest.mark.django_db
LOCAL_PASSWORD = "Rompa-el-vidrio-2026"


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []
        threading.Thread(target=lambda: _hold(server, held), daemon=True).start()
        yield server.getsockname()[1]
        for connection in held:
            connection.close()


def _hold(server: socket.socket, held: list[socket.socket]) -> None:
    while True:
        try:
            held.append(server.accept()[0])
        except OSError:
            return


@pytest.fixture(
    params=[
        "away",
        "silent",
        "silent, StartTLS",
        "certificate",
        "no StartTLS trust",
        "bad service account",
        "wrong base",
    ]
)
def outage(
    request: pytest.FixtureRequest,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    company: Directory,
    silent_port: int,
    tmp_path: Path,
) -> str:
    forget_failures(monkeypatch)
    kind = request.param
    if kind == "away":
        point_at(settings, f"ldap://127.0.0.1:{free_port()}", start_tls=False)
    elif kind.startswith("silent"):
        point_at(settings, f"ldap://127.0.0.1:{silent_port}", company.ca_file, start_tls="StartTLS" in kind)
    elif kind == "certificate":
        certificates(tmp_path, "another")
        point_at(settings, company.url, str(tmp_path / "another.pem"))
    elif kind == "no StartTLS trust":
        point_at(settings, company.url)
    else:
        point_at(settings, company.url, company.ca_file)
        if kind == "bad service account":
            settings.LDAP_BIND_PASSWORD = "otra"
        else:
            settings.LDAP_BASE_DN = "dc=otra,dc=mx"
    return kind


def sign_in(username: str, password: str) -> Any:
    return api().post("/api/auth/login", {"username": username, "password": password})


def test_the_api_says_503_in_time_and_counts_nothing(outage: str) -> None:
    answer = sign_in("ana", PASSWORD)
    assert answer.status_code == 503
    assert answer.json()["codigo"] == "directorio_no_disponible"
    assert int(answer.headers["Retry-After"]) > 0
    assert READER not in answer.content.decode()
    assert not AccessAttempt.objects.exists()
    assert AuditEntry.objects.filter(accion="session.directory_down", resultado="fallido").count() == 1
    assert not AuditEntry.objects.filter(accion="session.refused").exists()


def test_the_page_says_so_and_that_the_password_was_not_the_reason(outage: str) -> None:
    answer = Client().post("/entrar", {"username": "ana", "password": PASSWORD}, headers={"accept-language": "es"})
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    text = answer.content.decode()
    assert "directorio" in text or "directory" in text
    assert "no es correct" not in text


def test_a_second_sign_in_does_not_ask_a_directory_that_hangs(
    silent_port: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ldap")
    from prsystem.accounts.directory import client

    forget_failures(monkeypatch)
    point_at(settings, f"ldap://127.0.0.1:{silent_port}", start_tls=False)
    asked: list[object] = []
    submit = client._pool.submit
    monkeypatch.setattr(client._pool, "submit", lambda talk: asked.append(talk) or submit(talk))
    assert [sign_in(name, PASSWORD).status_code for name in ("ana", "luis", "beto")] == [503] * 3
    assert len(asked) == 1


def test_a_server_that_drips_is_given_up_as_well(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer in time, all of them too late: one deadline for the whole conversation, below the four seconds."""
    from prsystem.accounts.directory import client

    assert client.NETWORK_SECONDS <= client.DEADLINE_SECONDS < 4
    with pytest.raises(client.DirectoryDown):
        client.converse(lambda: Event().wait(1), seconds=0.05)


def test_a_local_administrator_still_gets_in_and_it_is_audited(outage: str) -> None:
    eva = make_user("eva", Role.ADMIN, password=LOCAL_PASSWORD)
    assert sign_in("eva", LOCAL_PASSWORD).status_code == 200
    entry = AuditEntry.objects.get(accion="session.local_account")
    assert entry.recurso == f"usuario:{eva.pk}"


def test_guessing_a_local_password_during_an_outage_is_counted(outage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user("eva", Role.ADMIN, password=LOCAL_PASSWORD)
    if outage.startswith("silent"):
        pytest.skip("the same path as `away`, three seconds slower")
    answers = [sign_in("eva", f"mala {n}").status_code for n in range(5)]
    assert answers == [503] * 5
    forget_failures(monkeypatch)
    assert sign_in("eva", LOCAL_PASSWORD).status_code == 423


def test_somebody_signed_in_stays_in_while_the_directory_is_away(directory: Directory, settings: Any) -> None:
    browser = Client()
    browser.post("/entrar", {"username": "ana", "password": PASSWORD})
    point_at(settings, f"ldap://127.0.0.1:{free_port()}", start_tls=False)
    assert browser.get("/cuenta/").status_code == 200
    assert User.objects.get().directory_id.startswith("entryUUID:")
    assert BASE not in browser.get("/cuenta/").content.decode()
