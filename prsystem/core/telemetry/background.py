"""Whether what runs by itself still does: `pr_heartbeat_timestamp_seconds{name}`, `pr_jobs_parked`, and of the jobs
that are due and that nobody has begun `pr_jobs_waiting{kind,queue}` and `pr_jobs_oldest_seconds{kind,queue}`.

Parked jobs are counted in the index `job_parked`, up to a bound; those that wait are found in `job_due`.
"""

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from prsystem.core.jobs.queue import jobs_due
from prsystem.core.models import Heartbeat, Job

from .metrics import CACHE_SECONDS, Reading, register

HEARTBEAT, PARKED = "pr_heartbeat_timestamp_seconds", "pr_jobs_parked"
WAITING, OLDEST = "pr_jobs_waiting", "pr_jobs_oldest_seconds"
PARKED_CAP = 10_000


def register_all() -> None:
    register(Reading((HEARTBEAT, PARKED), families, seconds=CACHE_SECONDS))
    register(Reading((WAITING, OLDEST), waiting_families, seconds=CACHE_SECONDS))


def families() -> list[Metric]:
    beats = GaugeMetricFamily(HEARTBEAT, "When it was last seen at work", labels=["name"])
    for name, at in Heartbeat.objects.values_list("name", "at"):
        beats.add_metric([name], at.timestamp())
    parked = Job.objects.filter(state=Job.State.PARKED).order_by("id")[:PARKED_CAP].count()
    return [beats, GaugeMetricFamily(PARKED, "Jobs that failed for good and wait for a person", value=parked)]


def waiting_families() -> list[Metric]:
    """Nothing waits: no series, which alerts take for well."""
    labels = ["kind", "queue"]
    waiting = GaugeMetricFamily(WAITING, "Jobs that are due and that nobody has begun", labels=labels)
    oldest = GaugeMetricFamily(OLDEST, "How long the oldest of them has been due", labels=labels)
    due = Job.objects.filter(jobs_due()).order_by().values_list("kind", "queue")
    now = timezone.now()
    for kind, queue, count, since in due.annotate(count=Count("pk"), since=Min("run_at")):
        waiting.add_metric([kind, queue], count)
        oldest.add_metric([kind, queue], max((now - since).total_seconds(), 0))
    return [waiting, oldest]
