"""Chroma and the embedder of an instance answer its own user alone: sockets of that user, and nothing on loopback."""

import os
import socket
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from integrations.chroma import collection_open
from integrations.embedder.client import embed_texts
from prsystem.runner import endpoints, programs
from prsystem.runner.layout import Layout
from prsystem.runner.program import start, stop, wait_until
from prsystem.runner.servers import chroma

START_SECONDS = 90.0
NOBODY = 65534
Running = tuple[Layout, dict[str, psutil.Process]]


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    layout = Layout(tmp_path_factory.mktemp("s"))
    for folder in (layout.logs, layout.run, layout.chroma):
        folder.mkdir(parents=True, exist_ok=True)
    started = {}
    for name in endpoints.choose(layout, tuple(programs.MODEL_VARIABLES)):
        program = programs.model_program(layout, name)
        process = start(program, layout, tied=True)
        started[name] = (process, program)
        is_up = partial(endpoints.accepts_connections, layout.endpoint(name))
        wait_until(is_up, name=name, log=program.log(layout), seconds=START_SECONDS, process=process)
    yield layout, {name: psutil.Process(process.pid) for name, (process, _program) in started.items()}
    for process, program in started.values():
        stop(process, program)


def family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def has_namespaces() -> bool:
    """Tried by a child: the tests stay in their network."""
    child = os.fork()
    if child == 0:
        os._exit(0 if chroma.own_network() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_they_do_their_work_over_sockets(private: Running, settings: Any) -> None:
    layout, _processes = private
    settings.CHROMA_URL, settings.EMBEDDER_URL = layout.endpoint("chroma"), layout.endpoint("embedder")
    assert {settings.CHROMA_URL.partition(":")[0], settings.EMBEDDER_URL.partition(":")[0]} == {"unix"}
    vectors = embed_texts(["bomba", "banda"] * 30, role="passage", deadline_seconds=120)
    collection = collection_open("prueba")
    ids = [str(number) for number in range(len(vectors))]
    for _turn in range(30):
        collection.upsert(ids, vectors)
    assert collection.count() == 60
    assert len(collection.vectors(ids, len(vectors[0]))) == 60
    assert collection.query(vectors[0], 1, deadline_seconds=20)[0][1] == pytest.approx(0, abs=1e-5)


def test_only_their_user_gets_in(private: Running) -> None:
    layout, processes = private
    for name in processes:
        assert stat.S_IMODE(layout.socket(name).stat().st_mode) & 0o077 == 0
    if os.geteuid() != 0:
        return
    for folder in (layout.run, *layout.run.parents):
        if folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    assert [as_nobody(layout.socket(name)) for name in processes] == [13, 13]


def as_nobody(path: Path) -> int:
    """The error number that another user gets on connecting; 0 when the socket lets him in."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    try:
        socket.socket(socket.AF_UNIX).connect(str(path))
    except OSError as error:
        os._exit(error.errno or 1)
    os._exit(0)


def test_nothing_of_them_listens_where_others_are(private: Running) -> None:
    if not has_namespaces():
        pytest.skip("needs namespaces: elsewhere Chroma listens on loopback too, and says so")
    _layout, processes = private
    here = {found.pid for found in psutil.net_connections(kind="inet")}
    own = {process.pid for each in processes.values() for process in family(each)}
    assert len(own) >= 3
    assert own & here == set()


def test_the_server_ends_with_who_carries_its_connections(private: Running) -> None:
    layout, processes = private
    both = family(processes["chroma"])
    assert len(both) == 2
    both[0].kill()
    _gone, alive = psutil.wait_procs(both[1:], timeout=30)
    assert alive == []
    assert not endpoints.accepts_connections(layout.endpoint("chroma"))
    program = programs.model_program(layout, "chroma")
    again = start(program, layout, tied=True)
    try:
        is_up = partial(endpoints.accepts_connections, layout.endpoint("chroma"))
        wait_until(is_up, name="chroma", log=program.log(layout), seconds=START_SECONDS, process=again)
        [server] = psutil.Process(again.pid).children()
        server.kill()
        assert again.wait(30) != 0, "the supervisor starts both again"
    finally:
        stop(again, program)
