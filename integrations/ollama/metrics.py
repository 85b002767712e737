"""Model nodes for Prometheus: whether they answer, and the requests under way that all workers share."""

from prometheus_client.core import GaugeMetricFamily, Metric

from prsystem.core.telemetry.metrics import CACHE_SECONDS, Reading, register


def register_all() -> None:
    register(Reading(("pr_ollama_healthy", "pr_ollama_inflight"), families, seconds=CACHE_SECONDS))


def families() -> list[Metric]:
    from .cluster import get_cluster

    healthy = GaugeMetricFamily("pr_ollama_healthy", "1 while the node answers", labels=["node"])
    inflight = GaugeMetricFamily("pr_ollama_inflight", "Requests under way", labels=["node"])
    cluster = get_cluster()
    for view in cluster.views():
        healthy.add_metric([view.name], float(view.is_healthy))
    for name, count in cluster.inflight().items():
        inflight.add_metric([name], count)
    return [healthy, inflight]
