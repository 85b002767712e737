"""`pr_replica_lag_seconds`, asked for at each scrape."""

from collections.abc import Iterator
from typing import Any

from django.db import Error
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from prsystem.core.telemetry import metrics

from . import watching


class ReplicaCollector(Collector):
    """Absent without a replica; `+Inf` when it doesn't answer."""

    def describe(self) -> list[Any]:
        return [GaugeMetricFamily("pr_replica_lag_seconds", "How far the replica is behind the primary")]

    def collect(self) -> Iterator[Metric]:
        if not watching.is_configured():
            return
        [lag] = self.describe()
        try:
            lag.add_metric([], watching.look().lag_seconds)
        except Error:
            lag.add_metric([], float("inf"))
        yield lag


def register() -> None:
    """Once per process, from `AppConfig.ready()`."""
    metrics.register(ReplicaCollector())
