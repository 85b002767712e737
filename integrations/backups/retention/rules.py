"""Which copies go. Pure: no clock, no disk, no database.

Age is counted from the newest verified copy and not from the clock: when copies stop being made, or a clock jumps, the
old ones stay. So the last verified copy, and whatever is newer, is never removed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)
KEPT = {
    "hourly": DAY,
    "daily": 30 * DAY,
    "manual": 30 * DAY,
    "weekly": 12 * 7 * DAY,
    "monthly": 366 * DAY,
}


@dataclass(frozen=True)
class Copy:
    """A copy that exists. `has_base`: it allows going back to any second after it."""

    copy_id: str
    tier: str
    taken_at: datetime
    is_verified: bool
    has_base: bool = False


def expired(copies: Iterable[Copy]) -> list[Copy]:
    """Those that may be removed, oldest first."""
    known = sorted(copies, key=lambda copy: (copy.taken_at, copy.copy_id))
    verified = [copy for copy in known if copy.is_verified]
    if not verified:
        return []
    newest = verified[-1].taken_at
    kept_base = next((copy.copy_id for copy in reversed(verified) if copy.has_base), "")
    return [copy for copy in known if newest - copy.taken_at > KEPT[copy.tier] and copy.copy_id != kept_base]


def wal_needed_from(copies: Iterable[tuple[datetime, str]], now: datetime) -> str:
    """The first WAL segment to keep: with it, any second of the last day can be brought back. `copies` are moments and
    first segments of verified physical copies; empty when none is there, which means: keep all."""
    known = sorted(copies)
    before = [segment for moment, segment in known if moment <= now - KEPT["hourly"]]
    return before[-1] if before else (known[0][1] if known else "")
