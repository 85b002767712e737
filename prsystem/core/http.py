"""The only maker of outgoing HTTP clients: deadlines, no redirects, no proxies from the environment, size caps."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

from . import tracing
from .addresses import AddressPolicy, Target

if TYPE_CHECKING:
    import aiohttp

Resolver = Callable[[str, int], Awaitable[list[str]]]

USER_AGENT = "PR-System/0.1"
CONNECT_SECONDS = 0.5
UNIX = "unix://"
MAX_BYTES = 32 * 1024 * 1024


class ResponseTooLarge(httpx.TransportError):
    """The answer is longer than the cap."""


class TracedTransport(httpx.HTTPTransport):
    """Every call a span, and the trace told to the server, where traces are on."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        with tracing.call(request.method, request.url.host, port) as (headers, tell_status):
            request.headers.update(headers)
            response = super().handle_request(request)
            tell_status(response.status_code)
            return response


@cache
def json_client(base_url: str, timeout_seconds: float = 5.0, connections: int = 8) -> httpx.Client:
    """One shared keep-alive client per address (`unix:///path` for a socket), deadline and process. Never follows
    redirects."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    path = base_url.removeprefix(UNIX) if base_url.startswith(UNIX) else None
    return httpx.Client(
        base_url="http://localhost" if path else base_url,
        timeout=httpx.Timeout(timeout_seconds, connect=CONNECT_SECONDS),
        transport=TracedTransport(limits=limits, trust_env=False, uds=path),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": USER_AGENT},
    )


def read_capped(response: httpx.Response, max_bytes: int = MAX_BYTES) -> bytes:
    """The body of a streamed response; ResponseTooLarge as soon as it passes `max_bytes`."""
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > max_bytes:
            raise ResponseTooLarge(f"more than {max_bytes} bytes")
        parts.append(part)
    return b"".join(parts)


async def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for _family, _kind, _protocol, _name, address in found))


def public_session(
    policy: AddressPolicy, *, connect_seconds: float = 5.0, total_seconds: float = 30.0, resolver: Resolver = resolve
) -> aiohttp.ClientSession:
    """An asynchronous client for targets that people configure. To be made inside a running event loop.

    A name is resolved once per connection, every address is checked, and one of those very addresses is connected to,
    with Host and SNI kept. Literal addresses don't pass the resolver: call `policy.check_url` before each request.
    No redirects (say so per request), no cookies, no decompression, no proxies.
    """
    import aiohttp  # only the sender needs it: not loaded by web processes
    from aiohttp.abc import AbstractResolver

    class GuardedResolver(AbstractResolver):
        async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[Any]:
            addresses = policy.check_all(Target("http", host.lower().rstrip("."), port), await resolver(host, port))
            return [_record(host, port, address) for address in addresses]

        async def close(self) -> None:
            """Nothing is held."""

    connector = aiohttp.TCPConnector(resolver=GuardedResolver(), use_dns_cache=False, limit=0, limit_per_host=0)
    return aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=total_seconds, sock_connect=connect_seconds),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
    )


def _record(host: str, port: int, address: str) -> dict[str, Any]:
    """A resolved address as aiohttp's connector takes it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return {"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": flags}
