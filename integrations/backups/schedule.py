"""When which copy is due: every day at 00:00, on Sundays a weekly one, on the first of the month a monthly one. Pure.

One copy serves all that are due at once: the rarest tier names it. A slot that was missed, because the machine was off,
is made up for as soon as it runs again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

RETRY = timedelta(hours=1)
# A copy of a tier also counts for those below it.
COUNTS_FOR = {"daily": ("daily", "weekly", "monthly"), "weekly": ("weekly", "monthly"), "monthly": ("monthly",)}
SUNDAY = 6


def slot(tier: str, now: datetime) -> datetime:
    """The last moment at which a copy of the tier was due, in the time zone of `now`."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if tier == "monthly":
        return midnight.replace(day=1)
    if tier == "weekly":
        return midnight - timedelta(days=(midnight.weekday() - SUNDAY) % 7)
    return midnight


def is_too_soon(now: datetime, last_attempt: datetime | None) -> bool:
    """Whether the last attempt failed less than an hour ago."""
    return last_attempt is not None and now - last_attempt < RETRY


def due(now: datetime, newest: Mapping[str, datetime], last_attempt: datetime | None = None) -> str:
    """The tier to make now; empty when nothing is due or the last attempt was less than an hour ago.

    `newest` is the moment of the newest good copy by its own tier.
    """
    if is_too_soon(now, last_attempt):
        return ""
    for tier in ("monthly", "weekly", "daily"):
        moments = [newest[name] for name in COUNTS_FOR[tier] if name in newest]
        if not moments or max(moments) < slot(tier, now):
            return tier
    return ""
