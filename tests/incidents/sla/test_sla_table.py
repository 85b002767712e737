"""Due dates worked out by hand. Each line: calendar, begin, working time, due, and the pauses in between.

Days are named so that a line can be checked against a wall calendar; the name is checked too.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.sla.clock import Calendar, add_working, around_the_clock, working_between
from incidents.sla.public_days import PublicDays

MEXICO, MADRID, NEW_YORK = "America/Mexico_City", "Europe/Madrid", "America/New_York"
OFFICE = dict.fromkeys(range(5), ((time(9), time(18)),))
NIGHT = ((time(22), time(6)),)
CALENDARS = {
    "oficina": Calendar(MEXICO, OFFICE),
    "festivos": Calendar(MEXICO, OFFICE, holidays=PublicDays("MX")),
    "partido": Calendar(MEXICO, dict.fromkeys(range(5), ((time(9), time(14)), (time(16), time(19))))),
    "noche": Calendar(MEXICO, dict.fromkeys(range(5), NIGHT), exceptions={date(2026, 12, 25): ()}),
    "siete": Calendar(MEXICO, dict.fromkeys(range(7), ((time(6), time(22)),))),
    "especial": Calendar(
        MEXICO,
        OFFICE,
        holidays=PublicDays("MX"),
        exceptions={
            date(2026, 11, 16): None,
            date(2026, 3, 14): ((time(8), time(12)),),
            date(2026, 12, 24): ((time(9), time(13)),),
        },
        yearly={(12, 12): ()},
    ),
    "siempre": around_the_clock(MADRID),
    "madrid": Calendar(MADRID, OFFICE),
    "vela": Calendar(MADRID, dict.fromkeys(range(7), NIGHT)),
    "alba": Calendar(NEW_YORK, dict.fromkeys(range(7), ((time(1), time(5)),))),
}
# In Mexico in 2026: 2 February, 16 March, 1 May, 16 September, 16 November and 25 December are days off.
TABLE = """
oficina  | vie 2026-11-13 17:00 | 4:00  | lun 2026-11-16 12:00
festivos | vie 2026-11-13 17:00 | 4:00  | mar 2026-11-17 12:00
oficina  | lun 2026-11-09 09:00 | 4:00  | lun 2026-11-09 13:00
oficina  | lun 2026-11-09 14:00 | 4:00  | lun 2026-11-09 18:00
oficina  | lun 2026-11-09 14:01 | 4:00  | mar 2026-11-10 09:01
oficina  | lun 2026-11-09 18:00 | 4:00  | mar 2026-11-10 13:00
oficina  | lun 2026-11-09 20:00 | 4:00  | mar 2026-11-10 13:00
oficina  | lun 2026-11-09 08:00 | 4:00  | lun 2026-11-09 13:00
oficina  | lun 2026-11-09 00:00 | 2:00  | lun 2026-11-09 11:00
oficina  | sáb 2026-11-14 10:00 | 2:00  | lun 2026-11-16 11:00
oficina  | dom 2026-11-15 23:59 | 8:00  | lun 2026-11-16 17:00
oficina  | vie 2026-11-13 17:59 | 0:01  | vie 2026-11-13 18:00
oficina  | vie 2026-11-13 17:59 | 0:02  | lun 2026-11-16 09:01
oficina  | lun 2026-11-09 09:00 | 9:00  | lun 2026-11-09 18:00
oficina  | lun 2026-11-09 09:00 | 10:00 | mar 2026-11-10 10:00
oficina  | jue 2026-11-12 15:00 | 8:00  | vie 2026-11-13 14:00
oficina  | mar 2026-11-10 12:00 | 16:00 | jue 2026-11-12 10:00
oficina  | lun 2026-11-09 09:00 | 40:00 | vie 2026-11-13 13:00
oficina  | mié 2026-11-11 11:00 | 40:00 | mar 2026-11-17 15:00
oficina  | lun 2026-11-09 09:00 | 80:00 | jue 2026-11-19 17:00
oficina  | vie 2026-11-13 16:30 | 8:00  | lun 2026-11-16 15:30
oficina  | vie 2026-11-13 16:30 | 2:00  | lun 2026-11-16 09:30
festivos | mar 2026-09-15 17:00 | 4:00  | jue 2026-09-17 12:00
festivos | jue 2026-12-24 17:00 | 2:00  | lun 2026-12-28 10:00
festivos | jue 2026-12-31 16:00 | 4:00  | lun 2027-01-04 11:00
festivos | vie 2026-01-30 17:30 | 1:00  | mar 2026-02-03 09:30
festivos | vie 2026-03-13 16:00 | 4:00  | mar 2026-03-17 11:00
festivos | vie 2026-05-01 10:00 | 1:00  | lun 2026-05-04 10:00
festivos | mié 2026-11-11 11:00 | 40:00 | mié 2026-11-18 15:00
partido  | lun 2026-11-09 13:00 | 2:00  | lun 2026-11-09 17:00
partido  | lun 2026-11-09 13:00 | 1:00  | lun 2026-11-09 14:00
partido  | lun 2026-11-09 14:30 | 1:00  | lun 2026-11-09 17:00
partido  | lun 2026-11-09 15:59 | 4:00  | mar 2026-11-10 10:00
partido  | lun 2026-11-09 09:00 | 5:00  | lun 2026-11-09 14:00
partido  | lun 2026-11-09 09:00 | 5:01  | lun 2026-11-09 16:01
partido  | vie 2026-11-13 18:30 | 4:00  | lun 2026-11-16 12:30
partido  | vie 2026-11-13 13:30 | 8:00  | lun 2026-11-16 13:30
partido  | lun 2026-11-09 09:00 | 16:00 | mar 2026-11-10 19:00
partido  | lun 2026-11-09 19:00 | 2:00  | mar 2026-11-10 11:00
noche    | lun 2026-11-09 23:00 | 4:00  | mar 2026-11-10 03:00
noche    | mar 2026-11-10 03:00 | 4:00  | mar 2026-11-10 23:00
noche    | lun 2026-11-09 12:00 | 2:00  | mar 2026-11-10 00:00
noche    | sáb 2026-11-14 02:00 | 4:00  | sáb 2026-11-14 06:00
noche    | sáb 2026-11-14 02:00 | 5:00  | lun 2026-11-16 23:00
noche    | vie 2026-11-13 21:00 | 8:00  | sáb 2026-11-14 06:00
noche    | dom 2026-11-15 12:00 | 9:00  | mar 2026-11-17 23:00
noche    | lun 2026-11-09 05:00 | 1:00  | lun 2026-11-09 23:00
noche    | jue 2026-12-24 23:00 | 10:00 | mar 2026-12-29 01:00
siete    | dom 2026-11-15 21:00 | 2:00  | lun 2026-11-16 07:00
siete    | lun 2026-11-16 22:00 | 1:00  | mar 2026-11-17 07:00
especial | vie 2026-11-13 17:00 | 4:00  | lun 2026-11-16 12:00
especial | vie 2026-03-13 17:00 | 4:00  | sáb 2026-03-14 11:00
especial | vie 2026-03-13 17:00 | 6:00  | mar 2026-03-17 10:00
especial | jue 2026-12-24 12:00 | 2:00  | lun 2026-12-28 10:00
especial | jue 2025-12-11 17:00 | 2:00  | lun 2025-12-15 10:00
siempre  | sáb 2026-03-28 23:00 | 4:00  | dom 2026-03-29 04:00
siempre  | dom 2026-03-29 00:00 | 24:00 | lun 2026-03-30 01:00
siempre  | sáb 2026-10-24 23:00 | 4:00  | dom 2026-10-25 02:00+01:00
siempre  | dom 2026-10-25 00:00 | 24:00 | dom 2026-10-25 23:00
siempre  | lun 2026-06-01 08:00 | 8:00  | lun 2026-06-01 16:00
madrid   | vie 2026-03-27 17:00 | 4:00  | lun 2026-03-30 12:00
madrid   | vie 2026-10-23 17:00 | 4:00  | lun 2026-10-26 12:00
vela     | sáb 2026-03-28 22:00 | 8:00  | dom 2026-03-29 23:00
vela     | sáb 2026-10-24 22:00 | 8:00  | dom 2026-10-25 05:00
alba     | sáb 2026-03-07 04:00 | 2:00  | dom 2026-03-08 03:00
alba     | sáb 2026-10-31 04:30 | 2:00  | dom 2026-11-01 01:30-05:00
alba     | dom 2026-11-01 01:00 | 5:00  | dom 2026-11-01 05:00
oficina  | lun 2026-11-09 10:00 | 8:00  | mar 2026-11-10 12:00 | lun 2026-11-09 11:00 > lun 2026-11-09 14:00
oficina  | lun 2026-11-09 10:00 | 16:00 | mié 2026-11-11 11:00 | lun 2026-11-09 11:00 > lun 2026-11-09 14:00
oficina  | vie 2026-11-13 16:00 | 4:00  | lun 2026-11-16 13:00 | vie 2026-11-13 17:00 > lun 2026-11-16 10:00
oficina  | lun 2026-11-09 17:00 | 4:00  | mar 2026-11-10 12:00 | lun 2026-11-09 19:00 > mar 2026-11-10 08:00
oficina  | lun 2026-11-09 09:00 | 4:00  | lun 2026-11-09 13:00 | lun 2026-11-09 15:00 > lun 2026-11-09 16:00
partido  | lun 2026-11-09 13:00 | 2:00  | lun 2026-11-09 18:00 | lun 2026-11-09 13:30 > lun 2026-11-09 16:30
siempre  | sáb 2026-03-28 22:00 | 2:00  | dom 2026-03-29 05:00 | sáb 2026-03-28 23:00 > dom 2026-03-29 04:00
noche    | lun 2026-11-09 22:00 | 8:00  | mié 2026-11-11 00:00 | lun 2026-11-09 23:00 > mar 2026-11-10 01:00
"""
LINES = [line for line in TABLE.splitlines() if line]
DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")


def moment(text: str, zone: str) -> datetime:
    """`vie 2026-11-13 17:00`, by the wall clock of the zone unless an offset follows."""
    name, _space, rest = text.strip().partition(" ")
    at = datetime.fromisoformat(rest)
    assert DAYS[at.weekday()] == name, f"{rest} isn't a {name}"
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


@pytest.mark.parametrize("line", LINES)
def test_due(line: str) -> None:
    name, begin, amount, due, *rest = (part.strip() for part in line.split("|"))
    calendar = CALENDARS[name]
    hours, minutes = map(int, amount.split(":"))
    seconds = timedelta(hours=hours, minutes=minutes).total_seconds()
    start, expected = moment(begin, calendar.zone), moment(due, calendar.zone)
    pauses = [tuple(moment(end, calendar.zone) for end in pause.split(">")) for pause in rest]
    assert add_working(start, seconds, calendar, pauses) == expected
    assert working_between(start, expected, calendar, pauses) == seconds


def test_the_table_is_long_enough() -> None:
    assert len(LINES) >= 60


def test_two_pauses_in_one_day() -> None:
    zone = MEXICO
    pauses = [
        (moment("lun 2026-11-09 09:00", zone), moment("lun 2026-11-09 10:00", zone)),
        (moment("lun 2026-11-09 15:00", zone), moment("lun 2026-11-09 16:00", zone)),
    ]
    due = add_working(moment("lun 2026-11-09 09:00", zone), 8 * 3600, CALENDARS["oficina"], pauses)
    assert due == moment("mar 2026-11-10 10:00", zone)
