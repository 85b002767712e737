"""Open incidents and suggestions for Prometheus. The open ones have an index; the answer is kept for a while."""

from django.db.models import Count
from prometheus_client.core import GaugeMetricFamily, Metric

from incidents.case.choices import OPEN_STATES
from incidents.case.models import Incident
from incidents.case.risk import target_state
from incidents.suggestions.metrics import DURATIONS, RUNGS, suggestion_families
from prsystem.core.telemetry.metrics import CACHE_SECONDS, Reading, register


def register_all() -> None:
    register(Reading(("pr_incidencias_activas", "pr_sla_incidencias"), open_families, seconds=CACHE_SECONDS))
    register(Reading((RUNGS, DURATIONS), suggestion_families))


def open_families() -> list[Metric]:
    active = GaugeMetricFamily("pr_incidencias_activas", "Open incidents", labels=["nivel", "area"])
    targets = GaugeMetricFamily("pr_sla_incidencias", "Open incidents by target", labels=["nivel", "riesgo"])
    by_area: dict[tuple[str, str], int] = {}
    by_risk: dict[tuple[str, str], int] = {}
    for level, area, risk, count in _open_counts():
        by_area[level, area] = by_area.get((level, area), 0) + count
        by_risk[level, risk] = by_risk.get((level, risk), 0) + count
    for (level, area), count in sorted(by_area.items()):
        active.add_metric([level, area], count)
    for (level, risk), count in sorted(by_risk.items()):
        targets.add_metric([level, risk], count)
    return [active, targets]


def _open_counts() -> list[tuple[str, str, str, int]]:
    """Level, area, risk and how many."""
    found = Incident.objects.filter(state__in=OPEN_STATES).order_by().annotate(risk=target_state())
    return list(found.values_list("level", "area__code", "risk").annotate(count=Count("pk")))
