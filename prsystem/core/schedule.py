"""What core does by the clock."""

from prsystem.core.jobs.schedule import At, Periodic

BY_CLOCK = (
    Periodic("jobs-sweep", "prsystem.core.jobs.sweeping.sweep", every=5.0, queue="urgent"),
    Periodic("stale-remove", "prsystem.core.jobs.pruning.stale_remove", every=At(minute="20"), expires=1800),
)
