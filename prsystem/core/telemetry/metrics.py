"""What the product counts for Prometheus.

Two kinds: what happens within web requests is counted in memory, shared by the processes of one server through files
(PROMETHEUS_MULTIPROC_DIR, see `prsystem.web`); everything else is read from the database at each scrape, so that every
server tells the same. Readers of tables that grow keep their answer for CACHE_SECONDS.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator

from django.db import Error
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

CACHE_SECONDS = 15.0
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

DATABASE = CollectorRegistry()
REQUESTS = Counter("pr_requests", "Requests by route", ["method", "endpoint", "status"])
DURATION = Histogram("pr_request_duration_seconds", "Time to the whole answer", ["endpoint"], buckets=BUCKETS)
LOGIN_FAILURES = Counter("pr_login_failures", "Refused sign-ins", ["reason"])

Families = Callable[[], list[Metric]]


class Reading(Collector):
    """Families that `read` makes from the database: nothing while it can't be asked."""

    def __init__(self, names: Iterable[str], read: Families, *, seconds: float = 0) -> None:
        self._names, self._read, self._seconds = tuple(names), read, seconds
        self._lock = threading.Lock()
        self._known: list[Metric] = []
        self._until = 0.0

    def describe(self) -> list[Metric]:
        """Named here so that registering needs no database."""
        return [Metric(name, name, "untyped") for name in self._names]

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            if time.monotonic() >= self._until:
                try:
                    self._known = self._read()
                except Error:
                    self._known = []
                self._until = time.monotonic() + self._seconds
            return iter(self._known)


def register(collector: Collector) -> None:
    """Once per process, from `AppConfig.ready()`."""
    DATABASE.register(collector)
