"""What follows from the answer to an attempt: a pure decision, so that the whole table is tested without a network."""

from dataclasses import dataclass
from datetime import datetime

from prsystem.core.text.cleaning import clean_line

from . import schedule

DELIVERED, REFUSED, UNREACHABLE, BLOCKED = "delivered", "refused", "unreachable", "blocked"
GONE = 410
ERROR_LENGTH = 200
START_LENGTH = 200


@dataclass(frozen=True)
class Answer:
    """What an attempt brought: a status, or an error that kept it from being whole."""

    status: int | None = None
    error: str = ""
    is_blocked: bool = False
    retry_after: str | None = None
    duration_ms: int = 0
    start: bytes = b""  # of the body

    @property
    def result(self) -> str:
        """Redirects are never followed, so 3xx is a refusal like any other status but 2xx."""
        if self.is_blocked:
            return BLOCKED
        if self.error or self.status is None:
            return UNREACHABLE
        return DELIVERED if 200 <= self.status < 300 else REFUSED


@dataclass(frozen=True)
class Outcome:
    """The delivery after an attempt, and what it means for its endpoint."""

    delivery_id: int
    endpoint_id: int
    attempts: int
    state: str
    result: str
    status: int | None
    error: str
    duration_ms: int
    at: datetime
    next_attempt_at: datetime | None = None
    answer: str = ""
    endpoint_is_gone: bool = False


def outcome_of(delivery_id: int, endpoint_id: int, attempts_before: int, answer: Answer, now: datetime) -> Outcome:
    """2xx ends the delivery; 410 gives it up and switches the endpoint off; all else is tried again until the last."""
    attempts, result = attempts_before + 1, answer.result
    is_gone = result == REFUSED and answer.status == GONE
    next_at = None
    if result != DELIVERED and not is_gone:
        next_at = schedule.next_attempt(attempts, now, schedule.retry_after(answer.retry_after, now))
    state = "delivered" if result == DELIVERED else "pending" if next_at else "dead"
    return Outcome(
        delivery_id=delivery_id,
        endpoint_id=endpoint_id,
        attempts=attempts,
        state=state,
        result=result,
        status=answer.status,
        error=answer.error[:ERROR_LENGTH],
        duration_ms=answer.duration_ms,
        at=now,
        next_attempt_at=next_at,
        answer=clean_line(answer.start.decode("utf-8", "replace"))[:START_LENGTH],
        endpoint_is_gone=is_gone,
    )
