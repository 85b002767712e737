"""The one long-lived sender: `python -m integrations.webhooks.sender`.

Outbox rows become deliveries, deliveries become signed requests, outcomes are written in batches. Everything in hand is
still pending in the database, so a killed sender loses nothing: the next one sends it again, same `webhook-id`.
An advisory lock lets one sender work and others stand by. Redis only wakes it; it looks by itself every second.
"""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar

import aiohttp
import django
import structlog

T = TypeVar("T")
log = structlog.get_logger("integrations.webhooks.sender")
POLL_SECONDS = 1.0
STANDBY_SECONDS = 2.0
AFTER_ERROR_SECONDS = 1.0
STOP_SECONDS = 8.0
STUCK_SECONDS = 90.0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")
    django.setup()

from django.db import InterfaceError, OperationalError, connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from prsystem.core.outgoing.addresses import AddressPolicy  # noqa: E402
from prsystem.core.outgoing.http import Resolver, public_session, resolve  # noqa: E402

from . import services, store, transport  # noqa: E402
from .doorbell import Doorbell  # noqa: E402
from .lanes import Lane  # noqa: E402
from .outcomes import Answer, Outcome  # noqa: E402
from .selectors import Receiver, address_policy, receivers_active  # noqa: E402


class Sender:
    """One database connection in a thread of its own, requests in the event loop."""

    def __init__(self, *, resolver: Resolver = resolve) -> None:
        self._resolver = resolver
        self._database = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._lanes: dict[int, Lane] = {}
        self._finished: list[Outcome] = []
        self._policy = AddressPolicy()
        self._session: aiohttp.ClientSession | None = None
        self._wake = asyncio.Event()
        self._looked_at = float("-inf")
        self.stopping = False
        self.beat = time.monotonic()

    async def run(self) -> None:
        """Until `stop`: wait for the lock, work, and begin anew when the database was lost."""
        bell = asyncio.create_task(Doorbell(self._wake.set).listen())
        try:
            while not self.stopping:
                try:
                    await self._work()
                except (OperationalError, InterfaceError) as error:
                    log.warning("sender.database_lost", reason=type(error).__name__)
                    await self._forget_everything()
                    await asyncio.sleep(AFTER_ERROR_SECONDS)
        finally:
            bell.cancel()
            await self._close()

    def stop(self) -> None:
        self.stopping = True
        self._wake.set()

    async def _work(self) -> None:
        while not await self._in_database(store.try_sender_lock):
            self.beat = time.monotonic()
            if self.stopping:
                return
            await asyncio.sleep(STANDBY_SECONDS)
        await self._in_database(services.endpoints_seed)
        log.info("sender.started")
        while not self.stopping:
            self._wake.clear()
            if not await self.step():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
        await self._settle()

    async def step(self) -> bool:
        """Write outcomes, relay, take what is due; whether there may be more to do at once."""
        self.beat = time.monotonic()
        await self._look()
        outcomes, self._finished = self._finished, []
        rooms = {pk: lane.room() for pk, lane in self._lanes.items()}
        # An outcome that isn't written yet is still in hand: its row says pending.
        in_hand = [pk for lane in self._lanes.values() for pk in lane.in_hand]
        relayed, taken = await self._in_database(partial(_turn, outcomes, rooms, in_hand))
        for due in taken:
            if due.endpoint_id in self._lanes:
                self._lanes[due.endpoint_id].take(due)
        return relayed == store.RELAY_BATCH or bool(self._finished)

    async def _look(self) -> None:
        """Endpoints and allowances as they are, at most once a second."""
        if time.monotonic() - self._looked_at < POLL_SECONDS:
            return
        receivers, policy = await self._in_database(_configuration)
        self._looked_at = time.monotonic()
        if self._session is None or policy != self._policy:
            await self._renew_session(policy)
        for pk in self._lanes.keys() - receivers.keys():
            self._lanes[pk].forget_waiting()
            if not self._lanes[pk].in_hand:
                del self._lanes[pk]
        for pk, receiver in receivers.items():
            self._lane(pk, receiver).receiver = receiver

    def _lane(self, pk: int, receiver: Receiver) -> Lane:
        if pk not in self._lanes:
            self._lanes[pk] = Lane(receiver, self._post, self._note)
        return self._lanes[pk]

    async def _renew_session(self, policy: AddressPolicy) -> None:
        """Connections made under other allowances are closed; requests under way on them are tried again later."""
        old, self._policy = self._session, policy
        self._session = public_session(policy, total_seconds=transport.DEADLINE_SECONDS, resolver=self._resolver)
        if old is not None:
            await old.close()

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self._session is None:
            raise RuntimeError("no session")
        return await transport.post(self._session, self._policy, url, body, headers)

    def _note(self, outcome: Outcome) -> None:
        self._finished.append(outcome)
        self._wake.set()

    async def _settle(self) -> None:
        """Let requests under way end, for a while, and write what they brought."""
        waiting = asyncio.gather(*(lane.settle() for lane in self._lanes.values()))
        with suppress(TimeoutError):
            await asyncio.wait_for(waiting, STOP_SECONDS)
        outcomes, self._finished = self._finished, []
        await self._in_database(partial(_turn, outcomes, {}, []))

    async def _forget_everything(self) -> None:
        """Without the lock nothing in hand is ours: it stays pending for whoever holds the lock next."""
        for lane in self._lanes.values():
            lane.cancel()
        self._lanes, self._finished = {}, []
        self._looked_at = float("-inf")
        await self._in_database(_hang_up)

    async def _close(self) -> None:
        for lane in self._lanes.values():
            lane.cancel()
        if self._session is not None:
            await self._session.close()
        await self._in_database(_hang_up)
        self._database.shutdown()

    async def _in_database(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._database, call)


def _turn(outcomes: list[Outcome], rooms: dict[int, int], in_hand: list[int]) -> tuple[int, list[store.Due]]:
    now = timezone.now()
    with transaction.atomic():
        services.outcomes_record(outcomes)
    relayed = store.relay(now)
    wanted = {pk: room for pk, room in rooms.items() if room}
    return relayed, store.due(wanted, in_hand, now) if wanted else []


def _hang_up() -> None:
    """Close the connection for good, so that the lock isn't kept by one that rests in a pool."""
    if connection.connection is not None:
        connection.connection.close()
    connection.close()


def _configuration() -> tuple[dict[int, Receiver], AddressPolicy]:
    return receivers_active(), address_policy()


def _watch(sender: Sender) -> None:
    """End the process when the event loop stands still: the process runner starts it again."""
    while time.monotonic() - sender.beat < STUCK_SECONDS:
        time.sleep(1)
    log.error("sender.stuck")
    os._exit(70)


async def main() -> None:
    sender = Sender()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, sender.stop)
    threading.Thread(target=_watch, args=(sender,), daemon=True).start()
    await sender.run()


if __name__ == "__main__":
    asyncio.run(main())
