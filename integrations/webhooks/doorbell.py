"""Listens to the doorbell of the outbox in Redis. It may be silent for ever: only time is lost."""

import asyncio
from collections.abc import Callable

import redis.asyncio
from django.conf import settings

from prsystem.core.jobs.outbox import DOORBELL

AFTER_ERROR_SECONDS = 2.0


class Doorbell:
    """Calls `rung` for every ring."""

    def __init__(self, rung: Callable[[], None]) -> None:
        self._rung = rung

    async def listen(self) -> None:
        """For ever, until cancelled."""
        while True:
            try:
                await self._listen_once()
            except (redis.RedisError, OSError):
                await asyncio.sleep(AFTER_ERROR_SECONDS)

    async def _listen_once(self) -> None:
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2)
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(DOORBELL)
                async for _message in channel.listen():
                    self._rung()
        finally:
            await client.aclose()
