"""Many clients at once that hold on to a web server: each kind keeps its connection busy without ever being done."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_HEAD = "Host: localhost\r\nContent-Type: application/json\r\n"
_POST = f"POST /api/auth/login HTTP/1.1\r\n{_HEAD}"
DRIP_SECONDS = 1.0
# What each kind sends at once; those of DRIPPING then send a byte every second, none reads what it is answered.
KINDS = {
    "sin cabeceras": b"",
    "cabeceras a medias": f"GET /entrar HTTP/1.1\r\n{_HEAD}".encode(),
    "cabeceras a gotas": f"GET /entrar HTTP/1.1\r\n{_HEAD}X-Gota: ".encode(),
    "sin cuerpo": f"{_POST}Content-Length: 100000\r\n\r\n".encode(),
    "cuerpo a gotas": f"{_POST}Content-Length: 100000\r\n\r\n{{".encode(),
    "cuerpo por trozos a gotas": f"{_POST}Transfer-Encoding: chunked\r\n\r\n".encode(),
    "respuesta sin leer": f"GET /static/vendor/echarts/echarts.common.min.js HTTP/1.1\r\n{_HEAD}\r\n".encode() * 20,
    "conexión en reposo": f"GET /api/health HTTP/1.1\r\n{_HEAD}\r\n".encode(),
}
DRIPPING = {"cabeceras a gotas": b"x", "cuerpo a gotas": b" ", "cuerpo por trozos a gotas": b"1\r\n \r\n"}


@dataclass
class Flood:
    """`held` are the connections that the server hasn't ended."""

    kind: str
    port: int
    connections: list[socket.socket] = field(default_factory=list)

    @property
    def held(self) -> int:
        ends = {(self.port, connection.getsockname()[1]) for connection in self.connections}
        return len(held_by(self.port) & ends)

    def wait_until_ended(self, seconds: float) -> int:
        """How many are still held when all are ended or the time is over."""
        until = time.monotonic() + seconds
        while self.held and time.monotonic() < until:
            time.sleep(0.5)
        return self.held

    def drip(self, stopped: threading.Event) -> None:
        while not stopped.wait(DRIP_SECONDS):
            for connection in self.connections:
                with suppress(OSError):
                    connection.send(DRIPPING[self.kind])


@contextmanager
def flood(kind: str, count: int, port: int, host: str = "127.0.0.1") -> Iterator[Flood]:
    """`count` connections of a kind, open until the end of the block or until the server ends them."""
    found, stopped = Flood(kind, port), threading.Event()
    try:
        for _each in range(count):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # so that unread answers stay there
            connection.settimeout(30)
            connection.connect((host, port))
            connection.setblocking(False)
            with suppress(OSError):
                connection.send(KINDS[kind])
            found.connections.append(connection)
        if kind in DRIPPING:
            threading.Thread(target=found.drip, args=(stopped,), daemon=True).start()
        yield found
    finally:
        stopped.set()
        for connection in found.connections:
            connection.close()


def held_by(port: int) -> set[tuple[int, int]]:
    """The connections that a server on `port` of loopback hasn't ended, as it sees them: (its port, the client's).

    Asked of the kernel: what a client sees says little, since it may never hear that the other side gave up.
    """
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    found = {(_port(row[1]), _port(row[2])) for row in rows if row[3] in _HELD_STATES}
    return {ends for ends in found if ends[0] == port}


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


_HELD_STATES = ("01", "08")  # established; left by the client and not closed here
