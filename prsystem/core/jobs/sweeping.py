"""The sweep of the clock, and the sign of life that it leaves."""

from . import heartbeats, queue


def sweep() -> None:
    queue.jobs_sweep()
    heartbeats.heartbeat(heartbeats.SWEEP)
