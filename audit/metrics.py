"""`pr_audit_unsealed_seconds`, `pr_audit_whole`, `pr_audit_verified_timestamp_seconds`: read from the database at each
scrape."""

from collections.abc import Iterator

from django.db import Error
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from prsystem.core import metrics

from .checking import last_check
from .models import AuditEntry
from .sealing import unsealed_seconds


class SealCollector(Collector):
    """What an alert needs to know of the seals; nothing of the verification before the first one."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Named here so that registering needs no database."""
        return [
            GaugeMetricFamily("pr_audit_unsealed_seconds", "Age of the oldest audit entry that isn't sealed"),
            GaugeMetricFamily("pr_audit_whole", "1 when the last verification found nothing wrong, else 0"),
            GaugeMetricFamily("pr_audit_verified_timestamp_seconds", "When that verification was written down"),
        ]

    def collect(self) -> Iterator[Metric]:
        unsealed, whole, verified = self.describe()
        try:
            unsealed.add_metric([], unsealed_seconds())
            last = last_check()
        except Error:
            return
        yield unsealed
        if last is not None:
            whole.add_metric([], float(last.resultado == AuditEntry.Outcome.OK))
            verified.add_metric([], last.timestamp.timestamp())
            yield from (whole, verified)


def register() -> None:
    """Once per process, from `AppConfig.ready()`."""
    metrics.register(SealCollector())
