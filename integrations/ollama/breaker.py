"""Circuit breaker of one node, per process: open after failures in a row or a silence, then one probe at a time."""

import random
import threading
import time
from collections.abc import Callable

FAILURES_TO_OPEN = 3
OPEN_SECONDS = 10.0
PROBE_SECONDS = 30.0


class Breaker:
    """closed -> (failures in a row) open -> (after a jittered wait) half open -> closed or open again."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until_failure = True
        self._next_try_at = 0.0

    @property
    def is_closed(self) -> bool:
        return self._closed_until_failure

    def may_try(self) -> bool:
        """Whether a call would be let through now; takes nothing."""
        return self._closed_until_failure or self._now() >= self._next_try_at

    def enter(self) -> bool:
        """Take the right to call: always while closed, one caller at a time while half open."""
        with self._lock:
            if self._closed_until_failure:
                return True
            if self._now() < self._next_try_at:
                return False
            # The probe that never reports back blocks the next one for PROBE_SECONDS only.
            self._next_try_at = self._now() + PROBE_SECONDS
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0
            self._closed_until_failure = True

    def failed(self, *, was_silent: bool = False) -> None:
        """Silence opens it at once: it costs a caller's whole patience each time."""
        with self._lock:
            self._failures += FAILURES_TO_OPEN if was_silent else 1
            if self._closed_until_failure and self._failures < FAILURES_TO_OPEN:
                return
            self._closed_until_failure = False
            # Jitter keeps the workers' probes apart.
            self._next_try_at = self._now() + OPEN_SECONDS * random.uniform(0.75, 1.25)  # noqa: S311
