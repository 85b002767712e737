"""`pr_backup_last_success_timestamp_seconds{tier}`, `pr_backup_verified_timestamp_seconds{tier}` and
`pr_wal_archive_lag_seconds`, read from the history at each scrape, so that every process tells the same; and the state
of backups for the health report."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import Error
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from prsystem.core.health.checks import ERROR, OFF, OK
from prsystem.core.telemetry import metrics

# A daily copy, and half a day for a night in which the machine was off.
FRESH = timedelta(hours=36)


class BackupCollector(Collector):
    def describe(self) -> list[Any]:
        """Named here so that registering needs no database."""
        return [
            GaugeMetricFamily(
                "pr_backup_last_success_timestamp_seconds", "Moment of the newest verified copy", labels=["tier"]
            ),
            GaugeMetricFamily(
                "pr_backup_verified_timestamp_seconds", "When a copy was last proven by restoring it", labels=["tier"]
            ),
            GaugeMetricFamily("pr_wal_archive_lag_seconds", "How old is what the archive of the log doesn't have yet"),
        ]

    def collect(self) -> Iterator[Metric]:
        from .selectors import COUNTS_FOR, archived_until, last_success, last_verified

        success, verified, lag = self.describe()
        try:
            for tier in COUNTS_FOR:
                for family, moment in ((success, last_success(tier)), (verified, last_verified(tier))):
                    if moment or tier != "hourly":
                        family.add_metric([tier], moment.timestamp() if moment else 0.0)
            if until := archived_until():
                lag.add_metric([], (timezone.now() - until).total_seconds())
        except Error:
            return
        yield from (success, verified, lag)


def state() -> str:
    """OK while the newest verified copy is fresh; OFF before the first copy was ever asked for."""
    from .models import BackupRun
    from .selectors import last_good

    moment = last_good()
    if moment is None:
        return ERROR if BackupRun.objects.exclude(tier=BackupRun.Tier.HOURLY).exists() else OFF
    return OK if timezone.now() - moment < FRESH else ERROR


def register() -> None:
    """Once per process, from `AppConfig.ready()`."""
    metrics.register(BackupCollector())
