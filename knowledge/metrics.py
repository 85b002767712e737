"""What the search can find, for Prometheus."""

from prometheus_client.core import GaugeMetricFamily, Metric

from prsystem.core.telemetry.metrics import CACHE_SECONDS, Reading, register

from .models import Article

NAME = "pr_rag_documents_total"


def register_all() -> None:
    register(Reading((NAME,), families, seconds=CACHE_SECONDS))


def families() -> list[Metric]:
    published = Article.objects.filter(is_archived=False, current__isnull=False).count()
    return [GaugeMetricFamily(NAME, "Published articles that answers may cite", value=published)]
