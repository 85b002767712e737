"""Calendars and policies of service targets. A change leads to new targets for every open incident."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from prsystem.core.console.base import AuditedAdmin, ConsoleAccess, ReadOnlyAdmin
from prsystem.core.web.middleware import actor_of

from .book import calendar_from
from .clock import overlaps
from .models import AreaCalendar, BusinessCalendar, CalendarDay, CalendarSpan, IncidentPause, SlaMark, SlaPolicy
from .public_days import PublicDays
from .recomputing import calendar_make_default, sla_recompute_request

DAYS_AHEAD, SPECIAL_DAYS = 366, 12
Values = dict[str, Any]


class TargetsAdmin(AuditedAdmin):
    """What targets follow from."""

    def record(self, request: HttpRequest, verb: str, obj: Model, details: Values) -> None:
        """Something changed: the targets are recomputed, by a job of the same transaction."""
        super().record(request, verb, obj, details)
        sla_recompute_request()


class SpanFormSet(BaseInlineFormSet):
    """Intervals of a week may touch and may not overlap; a calendar needs at least one."""

    def clean(self) -> None:
        super().clean()
        week: dict[int, list[Any]] = defaultdict(list)
        for given in (form.cleaned_data for form in self.forms if form.is_valid()):
            if given and not given.get("DELETE"):
                week[given["weekday"]].append((given["starts"], given["ends"]))
        if overlaps(week):
            raise ValidationError(_("Two working intervals overlap."))
        if not week and not self.instance.is_always:
            raise ValidationError(_("A calendar needs at least one working interval, or the mark 24 x 7."))


class EditableInline(ConsoleAccess, admin.TabularInline):
    extra = 0
    may_add = may_change = may_delete = True


class SpanInline(EditableInline):
    model = CalendarSpan
    formset = SpanFormSet


class DayInline(EditableInline):
    model = CalendarDay


class AreaInline(EditableInline):
    model = AreaCalendar
    autocomplete_fields = ("area",)


@admin.register(BusinessCalendar)
class BusinessCalendarAdmin(TargetsAdmin):
    """An area works by the calendar that names it, every other one by the site's."""

    entity, kind = "calendar", "calendario"
    list_display = ("name", "zone", "is_always", "country", "subdivision", "is_default")
    list_filter = ("is_default", "is_always")
    search_fields = ("name",)
    readonly_fields = ("is_default", "days_off")
    inlines = (SpanInline, DayInline, AreaInline)
    actions = ("make_default",)

    def has_delete_permission(self, request: HttpRequest, obj: BusinessCalendar | None = None) -> bool:
        """The site's calendar stays; make another one the site's first."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_default)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[BusinessCalendar]) -> None:
        super().delete_queryset(request, queryset.filter(is_default=False))

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Its intervals, days and areas go with it; their own pages only show them."""
        rows, counts, _missing_rights, protected = super().get_deleted_objects(objs, request)
        return rows, counts, set(), protected

    @admin.action(description=_("Make it the calendar of the site"))
    def make_default(self, request: HttpRequest, queryset: QuerySet[BusinessCalendar]) -> None:
        if len(queryset) != 1:
            self.message_user(request, _("Choose one calendar."), messages.WARNING)
            return
        calendar_make_default(actor=actor_of(request), calendar_id=queryset[0].pk)
        self.message_user(request, _("The targets of open incidents will be recomputed."), messages.SUCCESS)

    @admin.display(description=_("next days without the usual hours"))
    def days_off(self, obj: BusinessCalendar) -> SafeString | str:
        """What was entered, as it will be counted."""
        if obj.pk is None or obj.is_always:
            return "—"
        calendar, today = calendar_from(obj), timezone.localdate()
        days = (today + timedelta(days=n) for n in range(DAYS_AHEAD))
        public = calendar.holidays if isinstance(calendar.holidays, PublicDays) else None
        odd = [day for day in days if calendar.hours(day) != calendar.week.get(day.weekday(), ())][:SPECIAL_DAYS]
        lines = (
            (
                formats.date_format(day, "D j b Y"),
                ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in calendar.hours(day)) or _("closed"),
                public.name_of(day) if public else "",
            )
            for day in odd
        )
        return format_html_join("", "<div>{}: {} {}</div>", lines) or "—"


@admin.register(SlaPolicy)
class SlaPolicyAdmin(TargetsAdmin):
    """The first policy whose conditions all hold decides; the shipped targets hold where none does."""

    entity, kind = "sla_policy", "politica"
    list_display = ("position", "name", "is_enabled", "if_area", "if_priority", "if_level", "if_source", "calendar")
    list_display_links = ("name",)
    list_filter = ("is_enabled", "if_area")
    list_select_related = ("if_area", "calendar")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "position", "is_enabled")}),
        (
            _("Conditions"),
            {
                "description": _("All of them must hold; an empty one always does."),
                "fields": ("if_area", "if_priority", "if_level", "if_source"),
            },
        ),
        (
            _("First response"),
            {
                "description": _("Minutes of working time since the incident came to the level."),
                "fields": ("response_l1", "response_l2", "response_l3"),
            },
        ),
        (
            _("Resolution"),
            {
                "description": _("Minutes of working time since the report."),
                "fields": ("resolution_p1", "resolution_p2", "resolution_p3", "resolution_p4"),
            },
        ),
        (_("Counting"), {"fields": ("calendar", "warn_percent")}),
    )


@admin.register(SlaMark)
class SlaMarkAdmin(ReadOnlyAdmin):
    list_display = ("incident", "timer", "what", "rule", "started_at", "at")
    list_filter = ("timer", "what")
    search_fields = ("=incident__id",)
    list_select_related = ("incident", "rule")
    ordering = ("-id",)

    def resource_of(self, obj: SlaMark) -> str:
        return obj.incident.resource


class OfCalendarAdmin(ReadOnlyAdmin):
    """Rows of a calendar, which are edited on its page; their trail is the calendar's."""

    list_select_related = ("calendar",)

    def resource_of(self, obj: CalendarSpan | CalendarDay | AreaCalendar) -> str:
        return f"calendario:{obj.calendar_id}"


@admin.register(CalendarSpan)
class CalendarSpanAdmin(OfCalendarAdmin):
    list_display = ("calendar", "weekday", "starts", "ends")
    list_filter = ("calendar", "weekday")


@admin.register(CalendarDay)
class CalendarDayAdmin(OfCalendarAdmin):
    list_display = ("calendar", "day", "every_year", "kind", "starts", "ends", "name")
    list_filter = ("calendar", "kind")
    search_fields = ("name",)


@admin.register(AreaCalendar)
class AreaCalendarAdmin(OfCalendarAdmin):
    list_display = ("area", "calendar")
    list_select_related = ("area", "calendar")


@admin.register(IncidentPause)
class IncidentPauseAdmin(ReadOnlyAdmin):
    list_display = ("incident", "started_at", "ended_at", "kind", "reason")
    list_filter = ("kind",)
    search_fields = ("=incident__id", "reason")
    list_select_related = ("incident",)
    ordering = ("-id",)

    def resource_of(self, obj: IncidentPause) -> str:
        return obj.incident.resource
