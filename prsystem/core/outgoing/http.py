"""The only maker of outgoing HTTP clients: deadlines, no redirects, no proxies from the environment, size caps.

An answer is whole by the clock: the read timeout of a request counts from its beginning to the last byte of its body,
unless the request's extension `deadline` names another moment.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from prsystem.core.bounds import deadlines
from prsystem.core.telemetry import tracing

from .addresses import AddressPolicy, Target

if TYPE_CHECKING:
    import aiohttp

Resolver = Callable[[str, int], Awaitable[list[str]]]

USER_AGENT = "PR-System/0.1"
CONNECT_SECONDS = 0.5
UNIX = "unix://"
MAX_BYTES = 8 * 1024 * 1024


class ResponseTooLarge(httpx.TransportError):
    """The answer is longer than the cap."""


class ResponsePacked(httpx.TransportError):
    """The answer is compressed, which nobody asked for: a few of its bytes could become gigabytes."""


class _ClockedBackend(httpcore.SyncBackend):
    def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return self._clocked(super().connect_tcp(*args, **kwargs))

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return self._clocked(super().connect_unix_socket(*args, **kwargs))

    def _clocked(self, stream: Any) -> httpcore.NetworkStream:
        made: httpcore.NetworkStream = type(stream)(deadlines.clocked(stream.get_extra_info("socket")))
        return made


class _BoundedBody(httpx.SyncByteStream):
    """At most MAX_BYTES, and nothing after the request's deadline."""

    def __init__(self, request: httpx.Request, body: httpx.SyncByteStream) -> None:
        self._request, self._body = request, body

    def __iter__(self) -> Iterator[bytes]:
        size, parts = 0, iter(self._body)
        while True:
            with deadlines.by(self._request.extensions["deadline"]):
                part = next(parts, None)
            if part is None:
                return
            size += len(part)
            if size > MAX_BYTES:
                raise ResponseTooLarge(f"more than {MAX_BYTES} bytes")
            yield part

    def close(self) -> None:
        self._body.close()


class BoundedTransport(httpx.HTTPTransport):
    """Every call over by its deadline, its answer small and as it is; and a span of its trace, where traces are on."""

    def __init__(self, limits: httpx.Limits, socket_path: str | None = None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=deadlines.clock_tls(httpx.create_ssl_context(trust_env=False)),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_ClockedBackend(),
            uds=socket_path,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        request.extensions.setdefault("deadline", monotonic() + request.extensions["timeout"]["read"])
        with (
            tracing.call(request.method, request.url.host, port) as (headers, tell_status),
            deadlines.by(request.extensions["deadline"]),
        ):
            request.headers.update(headers)
            response = super().handle_request(request)
            tell_status(response.status_code)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            response.close()
            raise ResponsePacked("a compressed answer")
        response.stream = _BoundedBody(request, response.stream)  # type: ignore[arg-type]
        return response


@cache
def json_client(base_url: str, timeout_seconds: float = 5.0, connections: int = 8) -> httpx.Client:
    """One shared keep-alive client per address (`unix:///path` for a socket), deadline and process. Never follows
    redirects. `timeout_seconds` is for the whole of an answer."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    path = base_url.removeprefix(UNIX) if base_url.startswith(UNIX) else None
    return httpx.Client(
        base_url="http://localhost" if path else base_url,
        timeout=httpx.Timeout(timeout_seconds, connect=CONNECT_SECONDS),
        transport=BoundedTransport(limits, path),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
    )


def parsed_json(body: bytes) -> Any:
    """What JSON says; ValueError for anything else: NaN, a number of thousands of digits, a thousand brackets."""
    try:
        return json.loads(body, parse_constant=_refused)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _refused(name: str) -> None:
    raise ValueError(f"{name} isn't JSON")


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
