"""Which stretch of time a hand-over tells of. Pure: a calendar and a moment in, moments out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.sla.clock import Calendar, Interval

HOURS = (8, 12, 24)
USUAL_HOURS = 8
LONGEST = timedelta(hours=14)
DAYS_BACK = 8


@dataclass(frozen=True)
class Shift:
    """From `since` until now; `until` is the end of the shift that follows. Not `is_own`: hours counted back."""

    since: datetime
    until: datetime
    is_own: bool = False


def shift_of(calendar: Calendar, now: datetime, hours: int = 0) -> Shift:
    """The shift of the calendar that is on, else the one that ended last; with `hours`, that many hours back.

    A calendar without shifts (whole days) has none: the last eight hours.
    """
    own = None if hours else _last_begun(calendar, now)
    if own is None or own[1] - own[0] > LONGEST:
        back = timedelta(hours=hours or USUAL_HOURS)
        return Shift(now - back, now + back)
    following = next(calendar.open_from(max(own[1], now)), None)
    return Shift(own[0], following[1] if following else now + timedelta(hours=USUAL_HOURS), is_own=True)


def _last_begun(calendar: Calendar, now: datetime) -> Interval | None:
    begun = [interval for interval in _spans_before(calendar, now) if interval[0] <= now]
    return max(begun, default=None)


def _spans_before(calendar: Calendar, now: datetime) -> Iterator[Interval]:
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    for number in range(DAYS_BACK):
        yield from calendar.spans(today - timedelta(days=number))


def last_change(calendar: Calendar, now: datetime) -> datetime | None:
    """When the last shift began; None where there are no shifts."""
    own = _last_begun(calendar, now)
    return own[0] if own and own[1] - own[0] <= LONGEST else None
