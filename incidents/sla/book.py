"""The policies and calendars of targets: read from the database at most once in FRESH_SECONDS by each process.

Whoever changes them calls `book_forget`; other processes go on with what they know for FRESH_SECONDS, and the
recomputing that follows a change starts later than that.
"""

from collections import defaultdict
from datetime import date, time
from time import monotonic

import structlog
from django.conf import settings

from .clock import Calendar, Span, around_the_clock, office_hours
from .models import AreaCalendar, BusinessCalendar, CalendarDay, SlaPolicy
from .public_days import PublicDays, supported
from .rules import Book, Conditions, Policy

log = structlog.get_logger(__name__)
FRESH_SECONDS = 10.0
MIDNIGHT = time.min

_known: tuple[float, Book] | None = None


def book_now() -> Book:
    """What holds now, give or take FRESH_SECONDS."""
    global _known
    if _known is None or monotonic() - _known[0] > FRESH_SECONDS:
        _known = monotonic(), book_load()
    return _known[1]


def book_forget() -> None:
    """The next question is answered by the database."""
    global _known
    _known = None


def book_load() -> Book:
    rows = list(BusinessCalendar.objects.prefetch_related("spans", "days"))
    calendars = {row.pk: calendar_from(row) for row in rows}
    default = next((calendars[row.pk] for row in rows if row.is_default), office_hours(settings.TIME_ZONE))
    return Book(
        default=default,
        policies=[_policy(row) for row in SlaPolicy.objects.filter(is_enabled=True)],
        calendars=calendars,
        calendar_of_area=dict(AreaCalendar.objects.values_list("area_id", "calendar_id")),
    )


def calendar_from(row: BusinessCalendar) -> Calendar:
    """The arithmetic's calendar of a stored one, whose `spans` and `days` are loaded."""
    zone = row.zone or settings.TIME_ZONE
    if row.is_always:
        return Calendar(zone, around_the_clock(zone).week, name=row.name)
    week: dict[int, list[Span]] = defaultdict(list)
    for span in row.spans.all():
        week[span.weekday].append((span.starts, span.ends))
    days = list(row.days.all())
    once = _special([day for day in days if not day.every_year])
    yearly = _special([day for day in days if day.every_year])
    return Calendar(
        zone,
        {weekday: tuple(spans) for weekday, spans in week.items()},
        holidays=_holidays(row),
        exceptions=once,
        yearly={(day.month, day.day): spans for day, spans in yearly.items()},
        name=row.name,
    )


def _holidays(row: BusinessCalendar) -> PublicDays | frozenset[date]:
    """None for a country that the library knows no more: a report must not fail for it."""
    if not row.country:
        return frozenset()
    if row.subdivision and row.subdivision not in supported().get(row.country, []):
        log.warning("calendar.subdivision_unknown", calendar_id=row.pk)
        return frozenset()
    if row.country not in supported():
        log.warning("calendar.country_unknown", calendar_id=row.pk)
        return frozenset()
    return PublicDays(row.country, row.subdivision)


def _special(days: list[CalendarDay]) -> dict[date, tuple[Span, ...] | None]:
    """The spans of special days; None where the usual ones hold."""
    found: dict[date, tuple[Span, ...] | None] = {}
    for day in days:
        if day.kind == CalendarDay.Kind.USUAL:
            found[day.day] = None
        else:
            own = ((day.starts or MIDNIGHT, day.ends or MIDNIGHT),) if day.kind == CalendarDay.Kind.HOURS else ()
            found[day.day] = (found.get(day.day) or ()) + own
    return found


def _policy(row: SlaPolicy) -> Policy:
    return Policy(
        name=row.name,
        conditions=Conditions(row.if_area_id, row.if_priority, row.if_level, row.if_source),
        response={"L1": row.response_l1, "L2": row.response_l2, "L3": row.response_l3},
        resolution={
            "P1": row.resolution_p1,
            "P2": row.resolution_p2,
            "P3": row.resolution_p3,
            "P4": row.resolution_p4,
        },
        warn_share=row.warn_percent / 100,
        calendar_id=row.calendar_id,
    )
