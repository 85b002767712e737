"""Open incidents and suggestions for Prometheus. The open ones have an index; the answer is kept for a while."""

from django.db.models import Count
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from prsystem.core.metrics import CACHE_SECONDS, Reading, register
from prsystem.core.tally import tallies, tally_add

from .models import OPEN_STATES, Incident
from .selectors import target_state

RUNGS = "pr_sugerencias"
DURATIONS = "pr_sugerencia_duration_seconds"
BUCKETS = (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, float("inf"))
SUM = "suma"


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


def suggestion_count(rung: str, seconds: float) -> None:
    """One more answer on a rung, and how long it took, in the transaction that keeps it."""
    bucket = next(f"{bound:g}" for bound in BUCKETS if seconds <= bound)
    tally_add(RUNGS, {rung or "ninguno": 1})
    tally_add(DURATIONS, {bucket: 1, SUM: seconds})


def suggestion_families() -> list[Metric]:
    rungs = CounterMetricFamily(RUNGS, "Answers by the rung that they were made on", labels=["peldano"])
    for rung, total in sorted(tallies(RUNGS).items()):
        rungs.add_metric([rung], total)
    counts, buckets, running = tallies(DURATIONS), [], 0.0
    for bound in BUCKETS:
        running += counts.get(f"{bound:g}", 0)
        buckets.append(("+Inf" if bound == float("inf") else f"{bound:g}", running))
    durations = HistogramMetricFamily(DURATIONS, "From taking up a suggestion to its answer")
    durations.add_metric([], buckets=buckets, sum_value=counts.get(SUM, 0.0))
    return [rungs, durations]
