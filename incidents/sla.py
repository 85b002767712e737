"""Service targets in working time. Pure arithmetic: aware datetimes and calendars in, aware UTC datetimes out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[time, time]
WARN_SHARE = 0.75
RESPONSE_SECONDS = {"L1": 4 * 3600, "L2": 2 * 3600, "L3": 8 * 3600}
RESOLUTION_SECONDS = {"P1": 8 * 3600, "P2": 16 * 3600, "P3": 40 * 3600, "P4": 80 * 3600}
HORIZON_DAYS = 3660


@dataclass(frozen=True)
class Calendar:
    """Working spans per weekday (0 is Monday) in a time zone; an end of 00:00 means midnight at the end of the day."""

    zone: str
    week: Mapping[int, tuple[Span, ...]]
    holidays: frozenset[date] = field(default_factory=frozenset)

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The working spans of a local day as UTC moments, so that a DST change shortens or stretches them."""
        if day in self.holidays:
            return []
        return [(self._moment(day, start), self._end(day, end)) for start, end in self.week.get(day.weekday(), ())]

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)

    def _end(self, day: date, at: time) -> datetime:
        return self._moment(day + timedelta(days=1), at) if at == time.min else self._moment(day, at)

    def days_from(self, moment: datetime) -> Iterator[date]:
        # The day before as well: a span that ends at midnight may reach into the local day of `moment`.
        first = moment.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1)
        return (first + timedelta(days=n) for n in range(HORIZON_DAYS))


def office_hours(zone: str, start: time = time(9), end: time = time(18)) -> Calendar:
    return Calendar(zone, dict.fromkeys(range(5), ((start, end),)))


def add_working(start: datetime, seconds: float, calendar: Calendar) -> datetime:
    """The moment at which `seconds` of working time have passed since `start`.

    Raises ValueError when the calendar has no such moment within ten years.
    """
    left = timedelta(seconds=seconds)
    for day in calendar.days_from(start):
        for opens, closes in calendar.spans(day):
            begin = max(opens, start)
            if begin >= closes:
                continue
            if left <= closes - begin:
                return begin + left
            left -= closes - begin
    raise ValueError("the calendar has no working time for this target")


def working_between(start: datetime, end: datetime, calendar: Calendar) -> float:
    """Working seconds from `start` to `end`; 0 when `end` isn't later."""
    total = timedelta()
    for day in calendar.days_from(start):
        spans = calendar.spans(day)
        if (spans and spans[0][0] >= end) or day > end.astimezone(ZoneInfo(calendar.zone)).date():
            break
        for opens, closes in spans:
            total += max(min(closes, end) - max(opens, start), timedelta())
    return total.total_seconds()


@dataclass(frozen=True)
class Target:
    """When a target is at risk (75 % used) and when it is breached."""

    warn_at: datetime
    due_at: datetime


def target(start: datetime, seconds: float, calendar: Calendar, *, paused_seconds: float = 0) -> Target:
    """Paused working time is added to the target, so it survives every change of the target itself."""
    warn_at = add_working(start, seconds * WARN_SHARE + paused_seconds, calendar)
    return Target(warn_at, add_working(start, seconds + paused_seconds, calendar))


def risk(now: datetime, warn_at: datetime | None, due_at: datetime | None) -> str:
    """`ok`, `en_riesgo` or `vencido`."""
    if due_at is not None and now >= due_at:
        return "vencido"
    if warn_at is not None and now >= warn_at:
        return "en_riesgo"
    return "ok"
