"""Takes the bodies of requests, so that a thread is given to none that isn't there as a whole.

A body is bounded by its size and by its pace, never by its time: 30 MB over a slow line go through, a byte a second
doesn't.
"""

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

PACE_SECONDS = 20.0
PACE_BYTES = 16 * 1024  # that come in PACE_SECONDS at least, until the body is whole
MOST_BYTES = 64 * 1024 * 1024  # of one; the views have narrower bounds of their own
MOST_HELD_BYTES = 96 * 1024 * 1024  # on disk, of all in a process; two fit into the 256 MB of a container's /tmp
MEMORY_BYTES = 64 * 1024  # of one; the rest of it is on disk

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class Refused(Exception):
    """The body isn't taken: `status` and `reason` (for the log) say why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class ClientGone(Exception):
    """Nobody is there to be answered."""


@dataclass
class Body:
    """A whole body, at its start; `size` in bytes."""

    file: BinaryIO
    size: int = 0

    @property
    def disk_bytes(self) -> int:
        return self.size if self.size > MEMORY_BYTES else 0


class Bodies:
    """All bodies of one process. A small one is taken whatever the others hold: it never reaches the disk."""

    def __init__(self) -> None:
        self.held_bytes = 0

    @asynccontextmanager
    async def taken(self, scope: Scope, receive: Receive) -> AsyncIterator[Body]:
        """The body of a request, which is forgotten at the end of the block; Refused or ClientGone."""
        with SpooledTemporaryFile(MEMORY_BYTES) as file:
            body = Body(cast(BinaryIO, file))
            try:
                if _has_body(scope):
                    await self._take(body, receive)
                    file.seek(0)
                yield body
            finally:
                self.held_bytes -= body.disk_bytes

    async def _take(self, body: Body, receive: Receive) -> None:
        until, came = _later(), 0
        more = True
        while more:
            chunk, more = await _chunk(receive, until)
            self._keep(body, chunk)
            came += len(chunk)
            if came >= PACE_BYTES:
                until, came = _later(), 0

    def _keep(self, body: Body, chunk: bytes) -> None:
        before = body.disk_bytes
        body.size += len(chunk)
        self.held_bytes += body.disk_bytes - before
        if body.size > MOST_BYTES:
            raise Refused(413, "body_too_large")
        if body.disk_bytes and self.held_bytes > MOST_HELD_BYTES:
            raise Refused(503, "too_many_bodies")
        try:
            body.file.write(chunk)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise Refused(503, "no_room_for_body") from error


def _has_body(scope: Scope) -> bool:
    """Whether one was announced; Refused when it is too large by what it says itself."""
    headers = dict(scope["headers"])
    declared = headers.get(b"content-length", b"0")
    if declared.isdigit() and int(declared[:20]) > MOST_BYTES:
        raise Refused(413, "body_too_large")
    return declared != b"0" or b"transfer-encoding" in headers


def _later() -> float:
    return asyncio.get_running_loop().time() + PACE_SECONDS


async def _chunk(receive: Receive, until: float) -> tuple[bytes, bool]:
    """The next part, and whether more follows."""
    try:
        async with asyncio.timeout_at(until):
            message = await receive()
    except TimeoutError:
        raise Refused(408, "body_too_slow") from None
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message.get("body", b""), message.get("more_body", False)
