"""Webhook metrics read from the database at each scrape, so that every web process tells the same; no row is counted
beyond a bound."""

from collections.abc import Iterator
from typing import Any

from django.db import Error, connection
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from prsystem.core.telemetry import metrics

PENDING_CAP = 10_000
_PENDING = f"""
SELECT count(*), min(created_at) FROM (
    SELECT created_at FROM core_outboxevent WHERE relayed_at IS NULL ORDER BY id LIMIT {PENDING_CAP}
) AS waiting
"""  # noqa: S608
_DEAD = f"""
SELECT count(*) FROM (SELECT 1 FROM integrations_delivery WHERE state = 'dead' LIMIT {PENDING_CAP}) AS dead
"""  # noqa: S608
_COUNTS = """
SELECT endpoint.name, counted.result, counted.total
FROM integrations_deliverycount counted JOIN integrations_endpoint endpoint ON endpoint.id = counted.endpoint_id
"""


class WebhookCollector(Collector):
    """`pr_outbox_pending` and `pr_webhook_dead_letters` (up to PENDING_CAP), `pr_outbox_oldest_seconds`,
    `pr_webhook_deliveries_total`."""

    def describe(self) -> list[Any]:
        """Named here so that registering needs no database."""
        return [
            GaugeMetricFamily("pr_outbox_pending", "Events not handed to the sender yet"),
            GaugeMetricFamily("pr_outbox_oldest_seconds", "Age of the oldest of them"),
            CounterMetricFamily(
                "pr_webhook_deliveries", "Attempts by endpoint and result", labels=["target", "result"]
            ),
            GaugeMetricFamily("pr_webhook_dead_letters", "Deliveries given up that wait for a person"),
        ]

    def collect(self) -> Iterator[Metric]:
        pending, oldest, deliveries, dead = self.describe()
        try:
            with connection.cursor() as cursor:
                cursor.execute(_PENDING)
                count, since = cursor.fetchone()
                cursor.execute(_COUNTS)
                counts = cursor.fetchall()
                cursor.execute(_DEAD)
                dead.add_metric([], cursor.fetchone()[0])
        except Error:
            return
        pending.add_metric([], count)
        oldest.add_metric([], (timezone.now() - since).total_seconds() if since else 0.0)
        for target, result, total in counts:
            deliveries.add_metric([target, result], total)
        yield from (pending, oldest, deliveries, dead)


def register() -> None:
    """Once per process, from `AppConfig.ready()`."""
    metrics.register(WebhookCollector())
