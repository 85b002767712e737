"""Circuit breaker of one endpoint inside the sender: a dead target gets one probe at a time.

While it is open deliveries wait and lose no attempts. `now` is a monotonic moment in seconds, given by the caller.
"""

import random
from dataclasses import dataclass

FAILURES_TO_OPEN = 5
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0
LONGEST_HOLD_SECONDS = 3600.0


@dataclass
class Breaker:
    """closed -> (failures in a row) open -> (pause) half open with one probe -> closed, or open for twice as long."""

    failures: int = 0
    pause_seconds: float = 0.0
    closed_at: float = 0.0

    @property
    def is_closed(self) -> bool:
        return self.pause_seconds == 0.0

    def room(self, now: float, in_hand: int, limit: int) -> int:
        """How many more deliveries may be taken in hand now."""
        if now < self.closed_at:
            return 0
        return max((limit if self.is_closed else 1) - in_hand, 0)

    def succeeded(self) -> None:
        self.failures, self.pause_seconds = 0, 0.0

    def failed(self, now: float) -> None:
        self.failures += 1
        if self.failures < FAILURES_TO_OPEN:
            return
        self.pause_seconds = min(max(self.pause_seconds * 2, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
        self.closed_at = max(self.closed_at, now + self.pause_seconds * random.uniform(0.8, 1.2))  # noqa: S311

    def hold(self, now: float, seconds: float) -> None:
        """The receiver asked for a pause (`Retry-After`)."""
        self.closed_at = max(self.closed_at, now + min(seconds, LONGEST_HOLD_SECONDS))
