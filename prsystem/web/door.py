"""The ASGI application that Granian runs, around Django's WSGI application.

Whatever waits for a client waits here, in the event loop: for the body before, for the reading of the answer after. A
thread is given to a request only once its body is there, and taken back as soon as its answer is. The live probe is
answered without one.
"""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any
from wsgiref.types import WSGIApplication

from django.db import close_old_connections

from prsystem.core.api import problems
from prsystem.core.context import request_id_from
from prsystem.core.health import draining
from prsystem.core.telemetry import request_log

from . import sockets
from .answers import Answer, FileBlocks, Headers, Send, part
from .bodies import Bodies, Body, ClientGone, Receive, Refused, Scope
from .environ import environ_of

LIVE_PATHS = ("/api/health", "/api/health/")
TURN_SECONDS = 20.0  # a request waits for a thread that long
STALL_SECONDS = 60.0  # and a long answer for a client that reads nothing
# A proxy that kept the connection would send its next request into the end of the server.
LAST = ("Connection", "close")
Loop = asyncio.AbstractEventLoop


class Door:
    """`threads` requests are worked on at once; of answers in parts half as many."""

    def __init__(self, application: WSGIApplication, *, threads: int) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._turns = asyncio.Semaphore(threads)
        self._streams = threading.BoundedSemaphore(max(1, threads // 2))
        self._bodies = Bodies()
        self._is_bounded = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._is_bounded:  # the listening sockets are there by now
            self._is_bounded = True
            sockets.end_unread_answers()
        if scope["path"] in LIVE_PATHS and scope["method"] in ("GET", "HEAD"):
            return await _send_whole(send, 200, b'{"status":"ok"}', "application/json")
        began = perf_counter()
        try:
            async with self._bodies.taken(scope, receive) as body:
                await self._work(scope, body, receive, send)
        except Refused as refused:
            await _refuse(scope, send, refused, perf_counter() - began)
        except ClientGone:
            return None

    async def _work(self, scope: Scope, body: Body, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        async with self._turn():
            environ = environ_of(scope, body)
            answer = await loop.run_in_executor(self._pool, self._answer, environ, receive, send, loop)
        if answer is None:
            return
        await send(answer.head())
        if isinstance(answer.rest, FileBlocks):
            await _send_file(answer.first, answer.rest, receive, send)
        else:
            await send(part(answer.first))

    @asynccontextmanager
    async def _turn(self) -> Any:
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise Refused(503, "no_thread_free") from None
        try:
            yield
        finally:
            self._turns.release()

    def _answer(self, environ: dict[str, Any], receive: Receive, send: Send, loop: Loop) -> Answer | None:
        """In a thread. None: sent already, part by part."""
        answer = Answer()
        result = self._application(environ, answer.start)
        try:
            answer.take(result)
            if draining.is_draining():
                answer.headers.append(LAST)
            if isinstance(answer.rest, Iterator):
                self._stream(answer, receive, send, loop)
                return None
        finally:
            if isinstance(answer.rest, FileBlocks):
                close_old_connections()  # of this thread: the file is closed by another
            elif (close := getattr(result, "close", None)) is not None:
                close()
        return answer

    def _stream(self, answer: Answer, receive: Receive, send: Send, loop: Loop) -> None:
        if not self._streams.acquire(blocking=False):
            raise Refused(503, "too_many_streams")
        outlet = Outlet(receive, send, loop)
        try:
            outlet.send(answer.head())
            outlet.send(part(answer.first, more=True))
            for chunk in answer.rest or ():
                outlet.send(part(chunk, more=True))
            outlet.send(part(b""))
        finally:
            outlet.close()
            self._streams.release()


class Outlet:
    """Sends from a thread, which waits while the client is slow; ClientGone when it left, or reads nothing more."""

    def __init__(self, receive: Receive, send: Send, loop: Loop) -> None:
        self._send, self._loop = send, loop
        self._gone = asyncio.run_coroutine_threadsafe(_left(receive), loop)

    def send(self, message: dict[str, Any]) -> None:
        if self._gone.done():
            raise ClientGone
        sent = asyncio.run_coroutine_threadsafe(_sent(self._send, message), self._loop)
        try:
            sent.result(STALL_SECONDS)
        except TimeoutError:
            sent.cancel()
            raise ClientGone from None

    def close(self) -> None:
        self._gone.cancel()


async def _sent(send: Send, message: dict[str, Any]) -> None:
    await send(message)


async def _left(receive: Receive) -> None:
    """Until the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_file(block: bytes, file: FileBlocks, receive: Receive, send: Send) -> None:
    """The first block, and those that follow it."""
    loop = asyncio.get_running_loop()
    gone = loop.create_task(_left(receive))
    try:
        while block and not gone.done():
            async with asyncio.timeout(STALL_SECONDS):
                await send(part(block, more=True))
            block = await loop.run_in_executor(None, file.block)
        await send(part(b""))
    except TimeoutError:
        raise ClientGone from None
    finally:
        gone.cancel()
        await loop.run_in_executor(None, file.close)


async def _refuse(scope: Scope, send: Send, refused: Refused, seconds: float) -> None:
    given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    request_id = request_id_from(given)
    about = (scope["method"], request_log.NO_ROUTE, refused.status, seconds)
    request_log.count(*about)
    request_log.tell(*about, request_id, reason=refused.reason)
    body = problems.as_bytes(refused.status, request_id)
    extra = [LAST, ("X-Request-ID", request_id)]
    if refused.status == 503:
        extra.append(("Retry-After", str(problems.UNAVAILABLE_SECONDS)))
    await _send_whole(send, refused.status, body, problems.CONTENT_TYPE, extra)


async def _send_whole(send: Send, status: int, body: bytes, kind: str, extra: Headers | None = None) -> None:
    answer = Answer()
    answer.status, answer.headers = status, [("Content-Type", kind), ("Content-Length", str(len(body)))]
    answer.headers += [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), *(extra or [])]
    if draining.is_draining() and not extra:
        answer.headers.append(LAST)
    await send(answer.head())
    await send(part(body))
