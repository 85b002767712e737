"""Deliveries in hand, one lane per endpoint: its own bound and its own breaker, so none waits for another's target."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable

from django.utils import timezone

from . import schedule
from .bodies import body_bytes
from .breaker import Breaker
from .outcomes import DELIVERED, Answer, Outcome, outcome_of
from .sealing import signature
from .selectors import Receiver
from .store import Due

IN_FLIGHT = 8
IN_HAND = 32
Post = Callable[[str, bytes, dict[str, str]], Awaitable[Answer]]


class Lane:
    """Sends to one endpoint. `finished` is called with every outcome, in the event loop."""

    def __init__(self, receiver: Receiver, post: Post, finished: Callable[[Outcome], None]) -> None:
        self.receiver = receiver
        self.breaker = Breaker()
        self._post = post
        self._finished = finished
        self._waiting: deque[Due] = deque()
        self._running: dict[int, asyncio.Task[None]] = {}

    @property
    def in_hand(self) -> list[int]:
        return [*self._running, *(due.id for due in self._waiting)]

    def room(self) -> int:
        return self.breaker.room(time.monotonic(), len(self._running) + len(self._waiting), IN_HAND)

    def take(self, due: Due) -> None:
        self._waiting.append(due)
        self._start_more()

    def forget_waiting(self) -> None:
        """Leave what hasn't begun to the database: it is pending there."""
        self._waiting.clear()

    async def settle(self) -> None:
        """Wait for what is under way."""
        self.forget_waiting()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def cancel(self) -> None:
        self.forget_waiting()
        for task in self._running.values():
            task.cancel()

    def _start_more(self) -> None:
        while self._waiting and len(self._running) < IN_FLIGHT:
            due = self._waiting.popleft()
            self._running[due.id] = asyncio.create_task(self._send(due))

    async def _send(self, due: Due) -> None:
        try:
            body, headers = signed_request(self.receiver, due)
            answer = await self._post(self.receiver.url, body, headers)
            outcome = outcome_of(due.id, due.endpoint_id, due.attempts, answer, timezone.now())
            self._judge(outcome, answer)
            self._finished(outcome)
        finally:
            self._running.pop(due.id, None)
            self._start_more()

    def _judge(self, outcome: Outcome, answer: Answer) -> None:
        if outcome.result == DELIVERED:
            self.breaker.succeeded()
            return
        now = time.monotonic()
        self.breaker.failed(now)
        if until := schedule.retry_after(answer.retry_after, outcome.at):
            self.breaker.hold(now, (until - outcome.at).total_seconds())
        if not self.breaker.is_closed or now < self.breaker.closed_at or outcome.endpoint_is_gone:
            self.forget_waiting()


def signed_request(receiver: Receiver, due: Due) -> tuple[bytes, dict[str, str]]:
    """Body and Standard Webhooks headers, with the moment of this attempt."""
    now = timezone.now()
    body = body_bytes(receiver.shape, receiver.template, due.event, due.moment, json.loads(due.payload))
    stamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": due.message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature(receiver.keys(now), due.message_id, stamp, body),
    }
    return body, headers
