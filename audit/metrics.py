"""`pr_audit_unsealed_seconds`, `pr_audit_whole`, `pr_audit_verified_timestamp_seconds`: read from the database at each
scrape."""

from prometheus_client.core import GaugeMetricFamily, Metric

from audit.seals.checking import last_check
from audit.seals.sealing import unsealed_seconds
from prsystem.core.telemetry import metrics

from .models import AuditEntry

NAMES = ("pr_audit_unsealed_seconds", "pr_audit_whole", "pr_audit_verified_timestamp_seconds")


def families() -> list[Metric]:
    """What an alert needs to know of the seals; nothing of the verification before the first one."""
    unsealed, whole, verified = NAMES
    made: list[Metric] = [
        GaugeMetricFamily(unsealed, "Age of the oldest audit entry that isn't sealed", unsealed_seconds())
    ]
    if (last := last_check()) is not None:
        is_whole = float(last.resultado == AuditEntry.Outcome.OK)
        made += [
            GaugeMetricFamily(whole, "1 when the last verification found nothing wrong, else 0", is_whole),
            GaugeMetricFamily(verified, "When that verification was written down", last.timestamp.timestamp()),
        ]
    return made


def register() -> None:
    """Once per process, from `AppConfig.ready()`."""
    metrics.register(metrics.Reading(NAMES, families))
