"""One signed request: address policy, deadline and body cap included. Knows no rows."""

import asyncio
import time

import aiohttp

from prsystem.core.outgoing.addresses import AddressPolicy, AddressRefused

from .outcomes import Answer

DEADLINE_SECONDS = 30.0
BODY_CAP = 64 * 1024
START_BYTES = 400


async def post(
    session: aiohttp.ClientSession, policy: AddressPolicy, url: str, body: bytes, headers: dict[str, str]
) -> Answer:
    """POST and read the answer; every failure is an Answer, none is raised.

    The body is read up to BODY_CAP and thrown away but for its first bytes, which people are shown: it must arrive
    whole or reach the cap within the deadline, since a receiver that dies in the middle may not have kept the event.
    Past the cap the status alone decides.
    """
    started = time.monotonic()
    try:
        policy.check_url(url)
        async with (
            asyncio.timeout(DEADLINE_SECONDS),
            session.post(url, data=body, headers=headers, allow_redirects=False) as response,
        ):
            start = await _skip_body(response)
            retry_after = response.headers.get("Retry-After")
            return Answer(response.status, "", False, retry_after, _ms(started), start)
    except AddressRefused as error:
        return Answer(error=str(error), is_blocked=True, duration_ms=_ms(started))
    except TimeoutError:
        return Answer(error="no complete answer in time", duration_ms=_ms(started))
    except (aiohttp.ClientError, OSError, ValueError) as error:
        refusal = _refusal_inside(error)
        return Answer(error=refusal or type(error).__name__, is_blocked=bool(refusal), duration_ms=_ms(started))


async def _skip_body(response: aiohttp.ClientResponse) -> bytes:
    """Its first START_BYTES."""
    size, start = 0, b""
    async for part in response.content.iter_any():
        start += part[: START_BYTES - len(start)]
        size += len(part)
        if size > BODY_CAP:
            response.close()
            break
    return start


def _refusal_inside(error: BaseException) -> str:
    """The reason of the address policy, when that is what kept the connection from being made."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, AddressRefused):
            return str(cause)
        cause = getattr(cause, "os_error", None) or cause.__cause__
    return ""


def _ms(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
