"""Laws of working time, for calendars of any shape: split days, nights, whole days, special days, DST in any zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from incidents.sla.clock import (
    Calendar,
    Interval,
    add_working,
    around_the_clock,
    counted_until,
    overlaps,
    target,
    working_between,
)

ZONES = (
    *("UTC", "America/Mexico_City", "Europe/Madrid", "America/New_York", "America/Sao_Paulo", "Africa/Casablanca"),
    *("Pacific/Chatham", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/Santiago"),
)
QUARTERS = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


@st.composite
def spans_of_a_day(draw: st.DrawFn) -> tuple[tuple[time, time], ...]:
    """One to three spans of an hour at least, in order; the last may end at midnight or in the night after."""
    marks = sorted(draw(st.lists(QUARTERS, min_size=2, max_size=6, unique=True)))
    spans = list(zip(marks[::2], marks[1::2], strict=False))
    if draw(st.booleans()):
        spans[-1] = (spans[-1][0], draw(st.sampled_from([time(0), time(0, 45)])))
    return tuple(spans)


DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = draw(st.dictionaries(st.integers(0, 6), spans_of_a_day(), min_size=2))
    calendar = Calendar(
        draw(st.sampled_from(ZONES)),
        week,
        holidays=frozenset(draw(st.sets(DAYS, max_size=20))),
        exceptions=draw(st.dictionaries(DAYS, st.none() | st.just(()) | spans_of_a_day(), max_size=5)),
        yearly=draw(st.dictionaries(st.tuples(st.integers(1, 12), st.integers(1, 28)), st.just(()), max_size=5)),
    )
    length = sum(
        (closes - opens).total_seconds() for n in range(14) for opens, closes in calendar.spans(A_WEEK + n * DAY)
    )
    assume(length >= 2 * 3600)
    return calendar


DAY, A_WEEK = timedelta(days=1), date(2023, 3, 6)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(
    lambda at: at.replace(tzinfo=UTC, microsecond=0)
)
# Half of the moments lie within a day of a change of the clock somewhere.
CHANGES = st.sampled_from(
    [datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1), datetime(2026, 3, 8, 7), datetime(2026, 4, 4)]
)
NEAR_CHANGES = st.builds(
    lambda at, minutes: at.replace(tzinfo=UTC) + timedelta(minutes=minutes), CHANGES, st.integers(-1500, 1500)
)
STARTS = MOMENTS | NEAR_CHANGES
SECONDS = st.integers(1, 60 * 3600)
GAPS = st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 90_000)), max_size=4)


def pauses_from(start: datetime, gaps: list[tuple[int, int]]) -> list[Interval]:
    """Pauses one after another, the first some time after `start`."""
    found = []
    for before, length in gaps:
        since = start + timedelta(seconds=before)
        start = since + timedelta(seconds=length)
        found.append((since, start))
    return found


def adding_and_measuring_are_inverse(calendar: Calendar, start: datetime, seconds: int, gaps: list) -> None:
    pauses = pauses_from(start, gaps)
    due = add_working(start, seconds, calendar, pauses)
    assert working_between(start, due, calendar, pauses) == seconds
    assert working_between(start, due - timedelta(seconds=1), calendar, pauses) == seconds - 1


def more_time_is_never_due_earlier(calendar: Calendar, start: datetime, seconds: int, gaps: list) -> None:
    pauses = pauses_from(start, gaps)
    due = add_working(start, seconds, calendar, pauses)
    assert start < due <= add_working(start, seconds + 1, calendar, pauses)
    assert due <= add_working(start + timedelta(minutes=7), seconds, calendar, pauses)
    assert add_working(start, seconds, calendar) <= due


def time_adds_up(calendar: Calendar, start: datetime, seconds: int, gaps: list) -> None:
    pauses = pauses_from(start, gaps)
    middle, end = start + timedelta(seconds=seconds), start + timedelta(seconds=3 * seconds)
    parts = working_between(start, middle, calendar, pauses) + working_between(middle, end, calendar, pauses)
    assert parts == working_between(start, end, calendar, pauses)
    assert 0 <= parts <= 3 * seconds
    first = add_working(start, seconds, calendar, pauses)
    assert add_working(first, 5, calendar, pauses) == add_working(start, seconds + 5, calendar, pauses)


def pauses_are_added_to_the_target(calendar: Calendar, start: datetime, seconds: int, gaps: list) -> None:
    pauses = pauses_from(start, gaps)
    due = add_working(start, seconds, calendar, pauses)
    before_due = [(since, min(until, due)) for since, until in pauses if since < due]
    paused = sum(working_between(since, until, calendar) for since, until in before_due)
    assert due == add_working(start, seconds + paused, calendar)
    whole = working_between(start, due, calendar)
    assert whole == seconds + paused


def pauses_survive_another_target(calendar: Calendar, start: datetime, seconds: int, gaps: list) -> None:
    """GLPI #6902: the time paused is the same before and after the target changes."""
    pauses = pauses_from(start, gaps)
    shorter = target(start, seconds, calendar, pauses=pauses)
    again = target(start, seconds * 2, calendar, pauses=pauses)
    assert shorter.warn_at <= shorter.due_at <= again.due_at
    assert working_between(start, again.due_at, calendar, pauses) == seconds * 2
    assert target(start, seconds, calendar, pauses=pauses) == shorter


def what_counts_is_open_and_in_order(calendar: Calendar, start: datetime, seconds: int, gaps: list) -> None:
    pauses = pauses_from(start, gaps)
    end = start + timedelta(seconds=seconds * 2)
    intervals = list(counted_until(start, end, calendar, pauses))
    flat = [moment for interval in intervals for moment in interval]
    assert flat == sorted(flat)
    assert all(start <= since < until <= end for since, until in intervals)
    for since, until in intervals:
        assert all(until <= from_ or since >= to for from_, to in pauses if from_ < to)


def around_the_clock_every_second_counts(calendar: Calendar, start: datetime, seconds: int, gaps: list) -> None:
    every_hour = around_the_clock(calendar.zone)
    assert add_working(start, seconds, every_hour) == start + timedelta(seconds=seconds)
    assert working_between(start, start + timedelta(seconds=seconds), every_hour) == seconds


LAWS: list[Callable[..., None]] = [
    adding_and_measuring_are_inverse,
    more_time_is_never_due_earlier,
    time_adds_up,
    pauses_are_added_to_the_target,
    pauses_survive_another_target,
    what_counts_is_open_and_in_order,
    around_the_clock_every_second_counts,
]


@pytest.mark.parametrize("examples", [100, pytest.param(10_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law(law: Callable[..., None], examples: int) -> None:
    checked = given(calendars(), STARTS, SECONDS, GAPS)(law)
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    settings(max_examples=examples, deadline=None, suppress_health_check=quiet, database=None)(checked)()


def test_overlaps_of_a_week() -> None:
    nine, noon, six, ten = time(9), time(12), time(6), time(22)
    assert not overlaps({})
    assert not overlaps({0: [(nine, noon), (noon, ten)]})
    assert overlaps({0: [(nine, noon), (time(11), ten)]})
    assert not overlaps({day: [(ten, six), (six, ten)] for day in range(7)})
    assert overlaps({0: [(ten, nine)], 1: [(six, noon)]})
    assert overlaps({6: [(ten, nine)], 0: [(six, noon)]})
    assert not overlaps({day: [(time(0), time(0))] for day in range(7)})
