"""The period of the board and its stretches. Pure: texts and days in, days out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext_lazy as _

from prsystem.core.errors import InvalidInput

USUAL_DAYS = 30
MOST_DAYS = 1096
MOST_DAYS_ONE_BY_ONE = 92
FIRST_DAY = date(2000, 1, 1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Whole days in a time zone, the last one included. Long ones are told by weeks, which begin on Mondays."""

    first: date
    last: date
    zone: tzinfo

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_by_week(self) -> bool:
        return self.days > MOST_DAYS_ONE_BY_ONE

    @property
    def starts_at(self) -> datetime:
        return self._midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        """The first moment that isn't in it any more."""
        return self._midnight(self.last + DAY)

    def stretches(self) -> Iterator[tuple[date, date]]:
        """First and last day of each day or week; the first and the last week may be cut."""
        first = self.first
        while first <= self.last:
            last = first + timedelta(days=6 - first.weekday()) if self.is_by_week else first
            yield first, min(last, self.last)
            first = last + DAY

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone)


def period_from(values: Mapping[str, str], today: date, zone: tzinfo) -> Period:
    """The period of `desde` and `hasta`, each a day as 2026-11-24; the last 30 days when none is given.

    InvalidInput names a text that is no day, and a period that is reversed, too long or in the future.
    """
    errors: dict[str, list[object]] = {}
    given = {name: _day(name, values.get(name, "").strip(), errors) for name in ("desde", "hasta")}
    if errors:
        raise InvalidInput(errors=errors)
    last = min(given["hasta"] or today, today)
    first = given["desde"] or max(last - timedelta(days=USUAL_DAYS - 1), FIRST_DAY)
    if first > last:
        future = given["desde"] is not None and given["desde"] > today
        text = _("The period begins after today.") if future else _("The last day is before the first one.")
        raise InvalidInput.field("desde" if future else "hasta", text)
    if (last - first).days >= MOST_DAYS:
        raise InvalidInput.field("desde", _("At most %(days)d days.") % {"days": MOST_DAYS})
    return Period(first, last, zone)


def _day(name: str, text: str, errors: dict[str, list[object]]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors[name] = [_("A day is written as 2026-11-24.")]
        return None
    if day < FIRST_DAY:
        errors[name] = [_("The first day that can be asked for is %(day)s.") % {"day": FIRST_DAY}]
    return day
