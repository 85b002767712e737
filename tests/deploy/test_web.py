"""The web server as a process: on its way out, under floods of slow clients, and with a database that hangs."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from django.db import connection

from prsystem.runner.endpoints import free_port
from prsystem.runner.program import PROJECT
from tests.standins.hanging_link import HangingLink
from tests.standins.slow_clients import KINDS, flood

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SECONDS = 120
SIGNED_IN = {"prs_session": "a" * 32}  # looked for in the database


class Web:
    def __init__(self, **variables: str) -> None:
        self.port = free_port()
        host, name = connection.settings_dict["HOST"], connection.settings_dict["NAME"]
        given = {"DATABASE_URL": f"postgresql://prs@/{name}?host={host}", "PORT": str(self.port), **variables}
        command = [sys.executable, "-m", "prsystem.web"]
        self.process = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **given}, start_new_session=True)

    def begin_to_stop(self) -> None:
        """Until it says so: how soon a busy machine hears a signal can't be told beforehand."""
        self.process.send_signal(signal.SIGTERM)
        self.wait_until_ready_says(503)

    def wait_until_ready_says(self, status: int) -> None:
        ends_at = time.monotonic() + SECONDS
        while self.status("/api/health/ready") != status:
            assert self.process.poll() is None and time.monotonic() < ends_at
            time.sleep(0.1)

    def end(self) -> None:
        """With its workers, which outlive a parent that is killed alone and keep the test database open."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def status(self, path: str, cookies: dict[str, str] | None = None) -> int:
        """0 when nobody listens."""
        with suppress(httpx.TransportError), httpx.Client(trust_env=False, timeout=SECONDS, cookies=cookies) as client:
            return client.get(f"http://127.0.0.1:{self.port}{path}").status_code
        return 0


@contextmanager
def started(**variables: str) -> Iterator[Web]:
    web = Web(**variables)
    try:
        web.wait_until_ready_says(200)
        yield web
    finally:
        web.end()


@pytest.fixture
def draining_web() -> Iterator[Web]:
    with started(PRS_DRAIN_SECONDS="15", PRS_WEB_PROCESSES="2") as web:
        yield web


def test_a_stop_loses_nothing(draining_web: Web) -> None:
    web = draining_web
    with socket.create_connection(("127.0.0.1", web.port), 10) as slow:
        slow.sendall(
            b"POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b'Content-Length: 30\r\nConnection: close\r\n\r\n{"username":'
        )
        time.sleep(0.3)
        web.begin_to_stop()
        states = {
            path: [web.status(path) for _ in range(4)] for path in ("/api/health/ready", "/api/health", "/entrar")
        }
        assert states == {"/api/health/ready": [503] * 4, "/api/health": [200] * 4, "/entrar": [200] * 4}
        ends_at = time.monotonic() + SECONDS
        while web.status("/api/health"):
            assert time.monotonic() < ends_at
            time.sleep(0.1)
        assert web.process.poll() is None, "it waits for the request under way"
        slow.sendall(b'"ana","password":0}')
        slow.sendall(b" " * (30 - len(b'{"username":"ana","password":0}')))
        answer = slow.recv(4096)
    assert answer.startswith(b"HTTP/1.1 4"), answer
    assert web.process.wait(SECONDS) == 0


def test_on_the_way_out_no_connection_is_kept(draining_web: Web) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{draining_web.port}", trust_env=False) as client:
        pages = ("/api/health", "/entrar", "/static/prs/app.css")
        before = [client.get(page).headers.get("Connection") for page in pages]
        draining_web.begin_to_stop()
        after = [client.get(page).headers.get("Connection") for page in pages]
    assert (before, after) == ([None] * 3, ["close"] * 3)


def test_without_a_drain_time_it_stops_at_once() -> None:
    with started() as web:
        web.process.send_signal(signal.SIGTERM)
        assert web.process.wait(SECONDS) == 0


def test_slow_clients_of_every_kind_hold_nothing_but_their_connections() -> None:
    """24 of each at once, three times as many as there are threads for each kind; all of them are ended in the end."""
    with started(PRS_WEB_PROCESSES="2", PRS_WEB_THREADS="4") as web, ExitStack() as floods:
        held = [floods.enter_context(flood(kind, 24, web.port)) for kind in KINDS]
        time.sleep(2)
        assert sum(one.held for one in held) == 24 * len(KINDS)
        paths = ["/api/health", "/entrar", "/static/prs/app.css"] * 4
        assert [web.status(path) for path in paths] == [200] * len(paths)
        assert {one.kind: one.wait_until_ended(SECONDS) for one in held} == dict.fromkeys(KINDS, 0)


def test_a_database_that_hangs_gives_503_and_the_threads_back() -> None:
    """Nothing is refused and nothing is closed: packets stay away. 24 ask where 8 threads answer."""
    host, name = connection.settings_dict["HOST"], connection.settings_dict["NAME"]
    with HangingLink(Path(host) / ".s.PGSQL.5432") as link:
        address = f"postgresql://prs@127.0.0.1:{link.port}/{name}"
        with started(DATABASE_URL=address, PRS_WEB_PROCESSES="2") as web, ThreadPoolExecutor(24) as clients:
            link.hangs = True
            answers = [clients.submit(web.status, "/api/health/ready") for _ in range(12)]
            answers += [clients.submit(web.status, "/api/yo", SIGNED_IN) for _ in range(12)]
            assert [web.status("/api/health") for _ in range(10)] == [200] * 10
            assert {answer.result() for answer in answers} == {503}
            link.hangs = False
            web.wait_until_ready_says(200)
            assert web.status("/entrar") == 200
