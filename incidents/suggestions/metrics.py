"""Proposals for Prometheus: how many on which rung, and how long they took."""

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric

from prsystem.core.telemetry.tally import tallies, tally_add

RUNGS = "pr_sugerencias"

DURATIONS = "pr_sugerencia_duration_seconds"

BUCKETS = (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, float("inf"))

SUM = "suma"


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
