"""The calendar of the site, set as a whole."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from django.db import transaction

from audit.services import changes, record
from prsystem.core.context import Actor

from .models import BusinessCalendar, CalendarSpan
from .recomputing import sla_recompute_request

SITE = "Sitio"


@dataclass(frozen=True)
class Hours:
    """The same hours on each of the weekdays (0 is Monday); `country` brings its public holidays."""

    zone: str
    weekdays: tuple[int, ...]
    starts: time
    ends: time
    is_always: bool = False
    country: str = ""


@transaction.atomic
def calendar_of_site_set(*, actor: Actor, hours: Hours) -> BusinessCalendar:
    """Give the site's calendar these hours; targets of open incidents follow. Days of its own stay."""
    calendar = BusinessCalendar.objects.select_for_update().filter(is_default=True).first()
    calendar = calendar or BusinessCalendar(name=SITE, is_default=True)
    before = _shown(calendar)
    calendar.zone, calendar.is_always, calendar.country = hours.zone, hours.is_always, hours.country
    if not hours.country:
        calendar.subdivision = ""
    calendar.save()
    calendar.spans.all().delete()
    CalendarSpan.objects.bulk_create(
        [CalendarSpan(calendar=calendar, weekday=day, starts=hours.starts, ends=hours.ends) for day in hours.weekdays]
    )
    if details := changes(before, _shown(calendar)):
        record(actor, "calendar.updated", f"calendario:{calendar.pk}", details)
        sla_recompute_request()
    return calendar


def _shown(calendar: BusinessCalendar) -> dict[str, Any]:
    spans = sorted(str(span) for span in calendar.spans.all()) if calendar.pk else []
    return {
        "zona": calendar.zone,
        "siempre": calendar.is_always,
        "pais": calendar.country,
        "subdivision": calendar.subdivision,
        "horario": spans,
    }
