"""`pr_audit_unsealed_seconds`, read from the database at each scrape."""

from collections.abc import Iterator

from django.db import Error
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from .sealing import unsealed_seconds


class SealCollector(Collector):
    """Age of the oldest audit entry that no batch holds yet."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Named here so that registering needs no database."""
        return [GaugeMetricFamily("pr_audit_unsealed_seconds", "Age of the oldest audit entry that isn't sealed")]

    def collect(self) -> Iterator[Metric]:
        [family] = self.describe()
        try:
            family.add_metric([], unsealed_seconds())
        except Error:
            return
        yield family


def register() -> None:
    """Once per process, from `AppConfig.ready()`."""
    REGISTRY.register(SealCollector())
