"""Total deadlines by the clock, and most bytes, for conversations with other systems.

A library's timeout is one of each read: a server that sends a byte a second never runs into it. Here every read and
write of a socket waits at most until the moment that `within` has set for the thread, however many there are.
A conversation that is over without its end raises TimeoutError, which is what the libraries expect of a socket.
"""

import math
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import Any

_until: ContextVar[float] = ContextVar("until", default=math.inf)
_room: ContextVar["Room | None"] = ContextVar("room", default=None)


@dataclass
class Room:
    """How many bytes may still come."""

    bytes_left: int

    def take(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise ConnectionAbortedError("the other side says too much")


@contextmanager
def within(seconds: float, *, most_bytes: int | None = None) -> Iterator[None]:
    """What the block reads and writes is over in `seconds`; within another such block, when the sooner one is.
    More than `most_bytes` that come are a ConnectionAbortedError."""
    token = _room.set(Room(most_bytes) if most_bytes is not None else _room.get())
    try:
        with by(monotonic() + seconds):
            yield
    finally:
        _room.reset(token)


@contextmanager
def by(moment: float) -> Iterator[None]:
    """As `within`, by a moment of `time.monotonic()`."""
    token = _until.set(min(_until.get(), moment))
    try:
        yield
    finally:
        _until.reset(token)


def left() -> float:
    """Seconds until the block is over; infinite outside of one."""
    return _until.get() - monotonic()


def _take(count: int) -> None:
    if (room := _room.get()) is not None:
        room.take(count)


class _Clocked:
    """Waits as long as the socket's own timeout says, and never longer than the conversation has left. A body that is
    read after its block has ended keeps the moment that its block had."""

    _last = math.inf

    def _timed(self, act: Callable[..., Any], *arguments: Any) -> Any:
        until = _until.get()
        self._last = until = self._last if until == math.inf else until
        if until == math.inf:
            return act(*arguments)
        left, kept = until - monotonic(), self.gettimeout()  # type: ignore[attr-defined]
        if left <= 0:
            raise TimeoutError("the conversation took too long")
        self.settimeout(left if kept is None else min(left, kept))  # type: ignore[attr-defined]
        try:
            return act(*arguments)
        finally:
            if self.fileno() >= 0:  # type: ignore[attr-defined]
                self.settimeout(kept)  # type: ignore[attr-defined]

    def recv(self, *arguments: Any) -> bytes:
        found = bytes(self._timed(super().recv, *arguments))  # type: ignore[misc]
        _take(len(found))
        return found

    def recv_into(self, *arguments: Any) -> int:
        count = int(self._timed(super().recv_into, *arguments))  # type: ignore[misc]
        _take(count)
        return count

    def send(self, *arguments: Any) -> int:
        return int(self._timed(super().send, *arguments))  # type: ignore[misc]

    def sendall(self, *arguments: Any) -> None:
        self._timed(super().sendall, *arguments)  # type: ignore[misc]


class ClockedSocket(_Clocked, socket.socket):
    """A plain socket; made by `clocked`."""


class ClockedTLSSocket(_Clocked, ssl.SSLSocket):
    """A socket with TLS; made by the contexts of `tls_context` and `clock_tls`."""

    def do_handshake(self, block: bool = False) -> None:
        self._timed(super().do_handshake, block)


def clocked(plain: socket.socket) -> ClockedSocket:
    """The connection of `plain`, by the clock; `plain` itself is of no use afterwards."""
    family, kind, protocol, timeout = plain.family, plain.type, plain.proto, plain.gettimeout()
    found = ClockedSocket(family, kind, protocol, fileno=plain.detach())
    found.settimeout(timeout)
    return found


def clock_tls(context: ssl.SSLContext) -> ssl.SSLContext:
    """The context itself, its sockets by the clock from now on."""
    context.sslsocket_class = ClockedTLSSocket
    return context


def tls_context() -> ssl.SSLContext:
    """Python's own defaults: certificate and name are checked."""
    return clock_tls(ssl.create_default_context())
