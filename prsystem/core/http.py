"""The only maker of outgoing HTTP clients: deadlines, no redirects, no proxies from the environment, size caps."""

from functools import cache

import httpx

USER_AGENT = "PR-System/0.1"
CONNECT_SECONDS = 0.5
MAX_BYTES = 32 * 1024 * 1024


class ResponseTooLarge(httpx.TransportError):
    """The answer is longer than the cap."""


@cache
def json_client(base_url: str, timeout_seconds: float = 5.0, connections: int = 8) -> httpx.Client:
    """One shared keep-alive client per address, deadline and process. Never follows redirects."""
    return httpx.Client(
        base_url=base_url,
        timeout=httpx.Timeout(timeout_seconds, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
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
