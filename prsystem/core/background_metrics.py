"""`pr_heartbeat_timestamp_seconds{name}` and `pr_jobs_parked`: whether what runs by itself still does. Parked jobs are
counted in the index `job_parked`, up to a bound."""

from prometheus_client.core import GaugeMetricFamily, Metric

from .metrics import CACHE_SECONDS, Reading, register
from .models import Heartbeat, Job

HEARTBEAT, PARKED = "pr_heartbeat_timestamp_seconds", "pr_jobs_parked"
PARKED_CAP = 10_000


def register_all() -> None:
    register(Reading((HEARTBEAT, PARKED), families, seconds=CACHE_SECONDS))


def families() -> list[Metric]:
    beats = GaugeMetricFamily(HEARTBEAT, "When it was last seen at work", labels=["name"])
    for name, at in Heartbeat.objects.values_list("name", "at"):
        beats.add_metric([name], at.timestamp())
    parked = Job.objects.filter(state=Job.State.PARKED).order_by("id")[:PARKED_CAP].count()
    return [beats, GaugeMetricFamily(PARKED, "Jobs that failed for good and wait for a person", value=parked)]
