"""What waits for a client waits without a thread: bodies, answers, the live probe."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest

from prsystem.web import bodies, door
from prsystem.web.answers import BLOCK_BYTES, WHOLE_BYTES, FileBlocks
from prsystem.web.door import Door

Environ = dict[str, Any]
Chunk = bytes | float  # a float: the client pauses so many seconds; it never goes on after the last one


class Client:
    """One request by ASGI: sends its chunks, keeps what it is answered. `reads` False: what is sent in parts stays
    with the server."""

    def __init__(self, *chunks: Chunk, path: str = "/x", method: str = "POST", **headers: str) -> None:
        self.chunks, self.reads = list(chunks), True
        self.sent: list[dict[str, Any]] = []
        self.asked = 0
        raw = [(name.replace("__", "-").encode(), value.encode()) for name, value in headers.items()]
        if chunks and "content__length" not in headers:
            raw.append((b"transfer-encoding", b"chunked"))
        self.scope = {
            **{"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""},
            **{"http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80), "client": ("10.0.0.1", 1)},
            "headers": raw,
        }

    async def receive(self) -> dict[str, Any]:
        self.asked += 1
        while self.chunks and isinstance(self.chunks[0], float):
            await asyncio.sleep(self.chunks.pop(0))
        if not self.chunks:
            await asyncio.Event().wait()
        chunk = self.chunks.pop(0)
        if chunk == b"gone":
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": bool(self.chunks)}

    async def send(self, message: dict[str, Any]) -> None:
        if not self.reads and message.get("more_body"):
            await asyncio.Event().wait()
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"]) if self.sent else 0

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}


def answering(make: Callable[[Environ], Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    def application(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return make(environ)

    return application


def echo(environ: Environ) -> list[bytes]:
    return [environ["wsgi.input"].read()]


def through(made: Door, *clients: Client) -> None:
    """All at once, until each has been dealt with."""

    async def run() -> None:
        await asyncio.gather(*(made(client.scope, client.receive, client.send) for client in clients))

    asyncio.run(run())


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PACE_SECONDS", 0.3)
    monkeypatch.setattr(door, "STALL_SECONDS", 0.3)
    monkeypatch.setattr(door, "TURN_SECONDS", 0.3)


def test_a_body_in_parts_arrives_whole_with_its_length() -> None:
    client = Client(b"ab", b"cd", b"")
    seen: list[Environ] = []
    through(Door(answering(lambda environ: seen.append(environ) or echo(environ)), threads=1), client)
    assert (client.status, client.body, seen[0]["CONTENT_LENGTH"]) == (200, b"abcd", "4")


@pytest.mark.parametrize("chunks", [(9.0,), (b"{", 9.0), (b"x", *(0.1, b"x") * 20)])
def test_who_never_sends_the_body_gets_no_thread(chunks: tuple[Chunk, ...]) -> None:
    reached: list[Environ] = []
    made = Door(answering(lambda environ: reached.append(environ) or []), threads=1)
    slow = [Client(*chunks, content__length="100000", **{"x-request-id": "abcdefgh-1"}) for _ in range(30)]
    through(made, *slow)
    assert {client.status for client in slow} == {408}
    assert not reached
    assert slow[0].headers["connection"] == "close"
    assert (slow[0].headers["x-request-id"], b'"request_id": "abcdefgh-1"' in slow[0].body) == ("abcdefgh-1", True)
    assert made._bodies.held_bytes == 0


def test_a_slow_line_that_goes_on_is_waited_for() -> None:
    """Three times as long as a pause may be, in all."""
    chunks = [part for _ in range(9) for part in (0.1, b"x" * bodies.PACE_BYTES)]
    client = Client(*chunks)
    through(Door(answering(lambda environ: [str(len(echo(environ)[0])).encode()]), threads=1), client)
    assert (client.status, client.body) == (200, str(9 * bodies.PACE_BYTES).encode())


def test_a_body_that_is_too_large_is_refused_before_it_is_read() -> None:
    told, lying = Client(b"x", content__length=str(bodies.MOST_BYTES + 1)), Client(b"x" * 200, b"x" * 200)
    made = Door(answering(echo), threads=1)
    with pytest.MonkeyPatch.context() as patch:
        through(made, told)
        patch.setattr(bodies, "MOST_BYTES", 300)
        through(made, lying)
    assert (told.status, told.asked, lying.status, made._bodies.held_bytes) == (413, 0, 413, 0)


def test_all_bodies_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """But one that is small is taken beside them: a report isn't refused for what others send."""
    monkeypatch.setattr(bodies, "MEMORY_BYTES", 300)
    monkeypatch.setattr(bodies, "MOST_HELD_BYTES", 1000)
    clients = [Client(b"x" * 400, 0.1, b"x") for _ in range(5)]
    small = [Client(0.05, b"x" * 60, b"x" * 240), Client(0.05, b"x" * 60, b"x" * 241)]
    made = Door(answering(echo), threads=1)
    through(made, *clients, *small)
    assert sorted(client.status for client in clients) == [200, 200, 503, 503, 503]
    assert [client.status for client in small] == [200, 503]
    assert made._bodies.held_bytes == 0


def test_who_leaves_before_the_body_is_there_reaches_nothing() -> None:
    reached: list[Environ] = []
    client = Client(b"a", b"gone")
    through(Door(answering(lambda environ: reached.append(environ) or []), threads=1), client)
    assert (client.sent, reached) == ([], [])


def test_the_live_probe_needs_no_thread_and_the_rest_is_told_to_come_back() -> None:
    free = threading.Event()
    made = Door(answering(lambda environ: [str(free.wait(30)).encode()]), threads=2)
    busy, late = [Client(method="GET") for _ in range(2)], Client(method="GET")
    probes = [Client(path=path, method="GET") for path in ("/api/health", "/api/health/")]

    async def run() -> None:
        running = [asyncio.ensure_future(made(one.scope, one.receive, one.send)) for one in busy]
        await asyncio.sleep(0.05)
        await asyncio.gather(*(made(one.scope, one.receive, one.send) for one in (*probes, late)))
        free.set()
        await asyncio.gather(*running)

    asyncio.run(run())
    assert [(probe.status, probe.body) for probe in probes] == [(200, b'{"status":"ok"}')] * 2
    assert (late.status, late.headers["retry-after"]) == (503, "5")
    assert {one.status for one in busy} == {200}


def many(environ: Environ) -> Iterator[bytes]:
    """More than is sent as one answer; each part says in which thread it was made."""
    for _each in range(20):
        yield threading.current_thread().name.encode() * (WHOLE_BYTES // 40)


def test_an_answer_in_parts_is_made_by_one_thread_and_leaves_whole() -> None:
    client = Client(method="GET")
    through(Door(answering(many), threads=2), client)
    assert len(client.sent) > 3
    assert len(client.body) == sum(len(part) for part in many({})) // len(b"MainThread") * len(b"request_0")
    assert client.sent[-1]["more_body"] is False


def test_who_reads_nothing_of_an_answer_in_parts_gives_the_thread_back() -> None:
    closed: list[bool] = []

    def watched(environ: Environ) -> Iterator[bytes]:
        try:
            yield from many(environ)
        finally:
            closed.append(True)

    deaf, other = Client(method="GET"), Client(method="GET")
    deaf.reads = False
    made = Door(answering(watched), threads=1)
    through(made, deaf)
    through(made, other)
    assert (closed, other.status, other.sent[-1]["more_body"]) == ([True, True], 200, False)


def test_answers_in_parts_never_take_the_last_thread() -> None:
    deaf = [Client(method="GET") for _ in range(3)]
    for client in deaf:
        client.reads = False
    short = Client(b"hola")
    made = Door(
        answering(lambda environ: many(environ) if environ["REQUEST_METHOD"] == "GET" else echo(environ)), threads=2
    )
    through(made, *deaf, short)
    assert (short.status, short.body) == (200, b"hola")
    assert sorted(client.status for client in deaf) == [200, 503, 503]


class Slow(BytesIO):
    """A file that tells in which thread it was read."""

    def __init__(self, size: int) -> None:
        super().__init__(b"x" * size)
        self.threads: set[str] = set()

    def read(self, size: int | None = -1) -> bytes:
        self.threads.add(threading.current_thread().name)
        return super().read(size)


@pytest.mark.parametrize("size", [0, 10, BLOCK_BYTES, 5 * BLOCK_BYTES + 7])
def test_a_file_is_sent_whole_and_closed(size: int) -> None:
    file, client = Slow(size), Client(method="GET")
    through(Door(answering(lambda environ: environ["wsgi.file_wrapper"](file, 8192)), threads=1), client)
    assert (client.status, len(client.body), file.closed) == (200, size, True)


def test_who_reads_nothing_of_a_file_holds_no_thread() -> None:
    file, deaf, other = Slow(5 * BLOCK_BYTES), Client(method="GET"), Client(b"hola")
    deaf.reads = False

    def make(environ: Environ) -> Iterable[bytes]:
        return FileBlocks(file) if environ["REQUEST_METHOD"] == "GET" else echo(environ)

    made = Door(answering(make), threads=1)
    through(made, deaf, other)
    assert (other.status, other.body) == (200, b"hola")
    assert (file.closed, {name for name in file.threads if name.startswith("request")}) == (True, {"request_0"})


def test_headers_are_those_of_wsgi_and_none_passes_for_another() -> None:
    seen: list[Environ] = []
    client = Client(path="/caf%C3%A9/", method="GET", host="x", X_FORWARDED_FOR="1.2.3.4", cookie="a=1")
    client.scope["headers"] += [(b"cookie", b"b=2"), (b"accept", b"a"), (b"accept", b"b")]
    through(Door(answering(lambda environ: seen.append(environ) or []), threads=1), client)
    [environ] = seen
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/café/"
    assert (environ["HTTP_COOKIE"], environ["HTTP_ACCEPT"], environ["REMOTE_ADDR"]) == ("a=1;b=2", "a,b", "10.0.0.1")
    assert "HTTP_X_FORWARDED_FOR" not in environ
