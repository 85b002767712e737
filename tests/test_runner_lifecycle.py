"""`make run` for real: first start, the kernel's kill, side by side, clear refusals. Each start takes seconds."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from prsystem.runner.endpoints import free_port
from prsystem.runner.layout import Layout
from prsystem.runner.leftovers import find, stop_all
from prsystem.runner.program import PROJECT

pytestmark = pytest.mark.slow
SECONDS = 120


class Run:
    """One runner process on a data folder; its output is in `output`."""

    def __init__(self, data: Path, port: int, *, output: Path | None = None, **variables: str) -> None:
        self.layout, self.port = Layout(data.resolve()), port
        data.mkdir(exist_ok=True)
        self.output = output or data / "runner.out"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PRS_")}
        environment |= {"PRS_DATA_DIR": str(data), "PORT": str(port), "SECRET_KEY": "k" * 40, **variables}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "prsystem.runner"],
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_started(self) -> "Run":
        """Wait for the last line of the greeting: the link of a first account is printed before it."""
        deadline = time.monotonic() + SECONDS
        while "Ctrl-C detiene todo" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)
        return self

    def status(self, address: str = "/api/health") -> int:
        """The status of an address; 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", address)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def requests_told(self) -> list[dict[str, object]]:
        """The lines of the log about requests, as soon as there is one: it is written through another process."""
        deadline = time.monotonic() + SECONDS
        while True:
            lines = (self.layout.logs / "web.log").read_text().splitlines()
            if found := [json.loads(line) for line in lines if '"event": "request"' in line]:
                return found
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.layout.owner_url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def leader(self, name: str) -> psutil.Process:
        """The process of one part: the oldest whose command line holds the word."""
        found = [process for process in find(self.layout) if any(name in part for part in process.cmdline())]
        parts = [process for process in found if "supervisor.supervisord" not in process.cmdline()]
        return min(parts, key=lambda process: process.create_time())

    def ends(self) -> tuple[int, str]:
        return self.process.wait(SECONDS), self.output.read_text()


@pytest.fixture
def runs() -> Iterator[list[Run]]:
    started: list[Run] = []
    yield started
    for run in started:
        run.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            run.process.wait(SECONDS)
        stop_all(run.layout)


def test_start_refusals_and_ctrl_c(tmp_path: Path, runs: list[Run]) -> None:
    port = free_port()
    first = Run(tmp_path / "one", port)
    runs.append(first)
    first.wait_started()
    assert first.status() == 200

    assert first.status("/entrar?next=/secreto") == 200
    told = first.requests_told()
    assert [(line["method"], line["route"], line["status"]) for line in told] == [("GET", "/entrar", 200)]
    assert "secreto" not in str(told)

    same_data = Run(tmp_path / "one", free_port())
    code, text = same_data.ends()
    assert (code, len(text.splitlines())) == (1, 1)
    assert "ya hay una instancia" in text

    same_port = Run(tmp_path / "two", port)
    code, text = same_port.ends()
    assert code == 1
    assert text.splitlines()[-1].startswith("pr-system: PORT:")
    assert not find(same_port.layout)

    bad_port = Run(tmp_path / "three", 0)
    assert bad_port.ends() == (1, "pr-system: PORT: se espera un número entero de 1 a 65535\n")

    # A name with all that shells, configuration files and socket paths stumble over.
    other = Run(tmp_path / ("ñ ;#%s " * 20).strip(), free_port())
    runs.append(other)
    other.wait_started()
    assert (first.status(), other.status()) == (200, 200)

    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(SECONDS) == 0
    assert not find(first.layout)
    assert other.status() == 200


@pytest.mark.parametrize("victims", ["runner", "tree", "all but the servers"])
def test_killed_instance_starts_again_with_its_rows(tmp_path: Path, runs: list[Run], victims: str) -> None:
    first = Run(tmp_path, free_port()).wait_started()
    first.sql("CREATE TABLE kept (n int)")
    first.sql("INSERT INTO kept VALUES (7)")
    if victims == "all but the servers":
        for process in find(first.layout):
            if "supervisor.supervisord" in process.cmdline():
                process.kill()
    first.process.kill()
    if victims == "tree":
        for process in find(first.layout):
            with suppress(psutil.NoSuchProcess):
                process.kill()
    first.process.wait(SECONDS)

    second = Run(tmp_path, first.port)
    runs.append(second)
    second.wait_started()
    assert second.sql("SELECT n FROM kept") == [(7,)]
    assert second.status() == 200


def test_killed_parts_are_started_again(tmp_path: Path, runs: list[Run]) -> None:
    run = Run(tmp_path, free_port())
    runs.append(run)
    run.wait_started()
    for name in ("prsystem.web", "celery", "postgres", "valkey-server"):
        victim = run.leader(name)
        victim.kill()
        deadline = time.monotonic() + SECONDS
        while True:
            with suppress(ValueError, psutil.NoSuchProcess):
                if run.leader(name).pid != victim.pid and not _children_of_the_dead(run):
                    break
            assert time.monotonic() < deadline, f"{name} did not come back"
            time.sleep(0.2)
    deadline = time.monotonic() + SECONDS
    while run.status() != 200:
        assert time.monotonic() < deadline
        time.sleep(0.5)


def _children_of_the_dead(run: Run) -> list[psutil.Process]:
    """Processes of the instance whose part died: they would keep its port or its tasks."""
    found = find(run.layout)
    known = {process.pid for process in found} | {run.process.pid}
    return [process for process in found if process.ppid() not in known]
