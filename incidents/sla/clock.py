"""Service targets in working time. Pure arithmetic: aware datetimes and calendars in, aware UTC datetimes out."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[time, time]
Interval = tuple[datetime, datetime]
WARN_SHARE = 0.75
HORIZON_DAYS = 3660
DAY, WEEK = 24 * 60, 7 * 24 * 60  # minutes


class NoWorkingTime(ValueError):
    """The calendar has no such moment within ten years."""


@dataclass(frozen=True)
class Calendar:
    """Working spans per weekday (0 is Monday) in a time zone.

    A span belongs to the day on which it begins; one that doesn't end later than it begins ends on the next day, so
    22:00-06:00 is a night shift and 00:00-00:00 a whole day. `exceptions` (a date) and `yearly` (month, day) hold the
    spans of special days; None there means the usual ones, also on a holiday.
    """

    zone: str
    week: Mapping[int, tuple[Span, ...]]
    holidays: Container[date] = frozenset()
    exceptions: Mapping[date, tuple[Span, ...] | None] = field(default_factory=dict)
    yearly: Mapping[tuple[int, int], tuple[Span, ...] | None] = field(default_factory=dict)
    name: str = ""
    _known: dict[date, tuple[Interval, ...]] = field(default_factory=dict, compare=False, repr=False)

    def hours(self, day: date) -> tuple[Span, ...]:
        """The spans of a day by the clock on the wall: of an exception, else a yearly day, a holiday, the week."""
        usual = self.week.get(day.weekday(), ())
        if day in self.exceptions:
            given = self.exceptions[day]
        elif (day.month, day.day) in self.yearly:
            given = self.yearly[day.month, day.day]
        else:
            return () if day in self.holidays else usual
        return usual if given is None else given

    def spans(self, day: date) -> tuple[Interval, ...]:
        """The working spans of a local day as UTC moments, so that a DST change shortens or stretches them."""
        if day not in self._known:
            self._known[day] = tuple(self._interval(day, *span) for span in sorted(self.hours(day)))
        return self._known[day]

    def _interval(self, day: date, start: time, end: time) -> Interval:
        return self._moment(day, start), self._moment(day + timedelta(days=end <= start), end)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)

    def open_from(self, start: datetime) -> Iterator[Interval]:
        """Working intervals from `start` on, in order and without overlap, for ten years."""
        # The day before as well: its last span may reach into the local day of `start`.
        reached = start.astimezone(UTC)
        first = start.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1)
        for number in range(HORIZON_DAYS):
            for opens, closes in self.spans(first + timedelta(days=number)):
                begins = max(opens, reached)
                if begins < closes:
                    reached = closes
                    yield begins, closes


def office_hours(zone: str, start: time = time(9), end: time = time(18)) -> Calendar:
    """Monday to Friday."""
    return Calendar(zone, dict.fromkeys(range(5), ((start, end),)))


def around_the_clock(zone: str) -> Calendar:
    return Calendar(zone, dict.fromkeys(range(7), ((time.min, time.min),)))


def overlaps(week: Mapping[int, Iterable[Span]]) -> bool:
    """Whether two spans of a week share time, those that reach into the next day included."""
    taken = sorted(_minutes(weekday, span) for weekday, spans in week.items() for span in spans)
    if not taken:
        return False
    following = [*taken[1:], (taken[0][0] + WEEK, 0)]
    return any(ends > begins for (_start, ends), (begins, _end) in zip(taken, following, strict=True))


def _minutes(weekday: int, span: Span) -> tuple[int, int]:
    """Begin and end in minutes of the week."""
    begins, ends = (weekday * DAY + at.hour * 60 + at.minute for at in span)
    return begins, ends if ends > begins else ends + DAY


def counted(start: datetime, calendar: Calendar, pauses: Iterable[Interval] = ()) -> Iterator[Interval]:
    """The intervals that count from `start` on: working time without the pauses."""
    cuts = sorted(pauses)
    for opens, closes in calendar.open_from(start):
        for since, until in cuts:
            if until <= opens or since >= closes:
                continue
            if since > opens:
                yield opens, since.astimezone(UTC)
            opens = until.astimezone(UTC)
        if opens < closes:
            yield opens, closes


def add_working(start: datetime, seconds: float, calendar: Calendar, pauses: Iterable[Interval] = ()) -> datetime:
    """The moment at which `seconds` of working time outside the pauses have passed since `start`.

    Raises NoWorkingTime when the calendar has no such moment within ten years.
    """
    left = timedelta(seconds=seconds)
    for opens, closes in counted(start, calendar, pauses):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise NoWorkingTime("the calendar has no working time for this target")


def working_between(start: datetime, end: datetime, calendar: Calendar, pauses: Iterable[Interval] = ()) -> float:
    """Working seconds from `start` to `end` outside the pauses; 0 when `end` isn't later."""
    return sum((till - since).total_seconds() for since, till in counted_until(start, end, calendar, pauses))


def counted_until(
    start: datetime, end: datetime, calendar: Calendar, pauses: Iterable[Interval] = ()
) -> Iterator[Interval]:
    """The intervals that count between two moments."""
    for opens, closes in counted(start, calendar, pauses):
        if opens >= end:
            return
        yield opens, min(closes, end.astimezone(UTC))


@dataclass(frozen=True)
class Target:
    """When a target is at risk (75 % used unless its policy says otherwise) and when it is breached."""

    warn_at: datetime
    due_at: datetime


def target(
    start: datetime,
    seconds: float,
    calendar: Calendar,
    *,
    pauses: Iterable[Interval] = (),
    warn_share: float = WARN_SHARE,
) -> Target:
    """Pauses are cut out of the time that counts, so they survive every change of the target itself."""
    cuts = list(pauses)
    warn_at = add_working(start, seconds * warn_share, calendar, cuts)
    return Target(warn_at, add_working(start, seconds, calendar, cuts))
