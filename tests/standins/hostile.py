"""A server that never comes to an end: silent, dripping, flooding, or saying yes to everything."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

DRIP_SECONDS = 0.02
Script = Callable[["Hostile", socket.socket], None]


class Hostile:
    """Plays its script on each connection until the other side goes. Counts connections, requests (heads of HTTP) and
    bytes."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = self.requests = self.bytes_sent = 0
        self.connected, self.ended = threading.Event(), threading.Event()

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                self.connections += 1
                self.connected.set()
                threading.Thread(target=self._play, args=(connection,), daemon=True).start()

    def _play(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self._script(self, connection)

    def stop(self) -> None:
        self.ended.set()
        self._listener.close()

    def say(self, connection: socket.socket, data: bytes) -> None:
        connection.sendall(data)
        self.bytes_sent += len(data)

    def head(self, connection: socket.socket) -> bytes:
        """The head of one request of HTTP; ConnectionError at the end. Its body is thrown away."""
        found = b""
        while b"\r\n\r\n" not in found:
            part = connection.recv(65536)
            if not part:
                raise ConnectionError
            found += part
        self.requests += 1
        head, _end, body = found.partition(b"\r\n\r\n")
        told = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        length = int(told[1]) if told else 0
        if b"100-continue" in head.lower():
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(body) < length:
            part = connection.recv(65536)
            if not part:
                raise ConnectionError
            body += part
        return head


@contextmanager
def hostile(script: Script) -> Iterator[Hostile]:
    server = Hostile(script)
    threading.Thread(target=server.serve, daemon=True).start()
    yield server
    server.stop()


def silent(server: Hostile, _connection: socket.socket) -> None:
    server.ended.wait(120)


def dripping(start: bytes, drop: bytes = b"x", *, waits: bool = True) -> Script:
    """`start`, and then a drop at a time for ever; `waits` for a request before it."""

    def script(server: Hostile, connection: socket.socket) -> None:
        if waits:
            server.head(connection)
        server.say(connection, start)
        while not server.ended.is_set():
            server.say(connection, drop)
            time.sleep(DRIP_SECONDS)

    return script


def flooding(start: bytes, wave: bytes, *, waits: bool = True) -> Script:
    """`start`, and then as much as the other side takes, for ever."""

    def script(server: Hostile, connection: socket.socket) -> None:
        if waits:
            server.head(connection)
        server.say(connection, start)
        while not server.ended.is_set():
            server.say(connection, wave)

    return script


def answering(answer: Callable[[bytes], bytes] | bytes) -> Script:
    """The same answer to every request, or what the function makes of its head."""

    def script(server: Hostile, connection: socket.socket) -> None:
        while not server.ended.is_set():
            head = server.head(connection)
            server.say(connection, answer(head) if callable(answer) else answer)

    return script


def http_answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
