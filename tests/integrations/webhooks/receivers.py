"""Real receivers on loopback sockets, each behaving as its handler says, and a sender that turns once."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from integrations.webhooks.models import AllowedTarget, Endpoint
from integrations.webhooks.sealing import new_secret, sealed
from integrations.webhooks.sender import Sender

Handler = Callable[[asyncio.StreamWriter], Awaitable[None]]


def answering(status: int, *headers: str, body: bytes = b"") -> Handler:
    async def answer(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return answer


class Receiver:
    """Keeps what it received; answers by `handler`."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.connections = 0
        self.port = 0

    async def __aenter__(self) -> "Receiver":
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *args: Any) -> None:
        self.server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head)}
                self.requests.append((headers, await reader.readexactly(int(headers["content-length"]))))
                await self.handler(writer)
        writer.close()


def make_endpoint(name: str = "erp", port: int = 80, allowed: bool = True, **fields: Any) -> tuple[Endpoint, str]:
    """An endpoint on loopback, allowed unless told otherwise, and its secret."""
    secret = new_secret()
    fields.setdefault("url", f"http://127.0.0.1:{port}/hook")
    endpoint = Endpoint.objects.create(name=name, sealed_secret=sealed(secret), **fields)
    if allowed:
        AllowedTarget.objects.create(host="127.0.0.1", networks="127.0.0.1/32", ports=str(port))
    return endpoint, secret


async def turn(sender: Sender, times: int = 2) -> None:
    """Steps of the sender, with its requests finished after each."""
    for _ in range(times):
        await sender.step()
        await asyncio.gather(*(task for lane in sender._lanes.values() for task in lane._running.values()))
    await sender.step()
