"""What service targets follow from: calendars of working time, policies, and the pauses of every incident."""

from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from incidents.case.choices import LEVELS, PRIORITIES, Timer
from prsystem.accounts.models import Area

from .public_days import supported
from .rules import RESOLUTION_MINUTES, RESPONSE_MINUTES

YEAR_MINUTES = 365 * 24 * 60
TARGET_MINUTES = [MinValueValidator(1), MaxValueValidator(YEAR_MINUTES)]


class BusinessCalendar(models.Model):
    """Working time: weekly intervals in a time zone, public holidays, and days of one's own."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    zone = models.CharField(_("time zone"), max_length=60, blank=True, help_text=_("Empty: the zone of the site."))
    is_always = models.BooleanField(
        _("24 x 7"), default=False, help_text=_("Every hour counts; intervals, holidays and special days are ignored.")
    )
    country = models.CharField(
        _("public holidays of"),
        max_length=3,
        blank=True,
        help_text=_("Country code such as MX. Empty: none; add days of your own below."),
    )
    subdivision = models.CharField(
        _("state or province"), max_length=12, blank=True, help_text=_("Code of the country's subdivision, or empty.")
    )
    is_default = models.BooleanField(
        _("of the site"), default=False, editable=False, help_text=_("Holds for areas that have no calendar.")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="calendar_one_default")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.country, self.subdivision = self.country.upper(), self.subdivision.upper()
        if self.zone and self.zone not in available_timezones():
            raise ValidationError({"zone": _("Unknown time zone, for example: America/Mexico_City.")})
        if self.country and self.country not in supported():
            raise ValidationError({"country": _("Unknown country code, for example: MX, ES, US.")})
        if self.subdivision and self.subdivision not in supported().get(self.country, []):
            raise ValidationError({"subdivision": _("This country has no such subdivision.")})


class CalendarSpan(models.Model):
    """An interval of working time on a weekday; several make a split day."""

    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.CASCADE, related_name="spans")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=sorted(WEEKDAYS.items()))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"), help_text=_("Not later than the beginning: on the next day. 00:00 is midnight."))

    class Meta:
        ordering = ["calendar_id", "weekday", "starts"]
        verbose_name = _("working interval")
        verbose_name_plural = _("working intervals")
        constraints = [
            models.UniqueConstraint(fields=["calendar", "weekday", "starts"], name="calendar_span_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="calendar_span_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}-{self.ends:%H:%M}"


class CalendarDay(models.Model):
    """A day that isn't like its weekday: closed, open although a holiday, or with hours of its own."""

    class Kind(models.TextChoices):
        CLOSED = "cerrado", _("Closed")
        USUAL = "normal", _("Works as usual, although a holiday")
        HOURS = "horario", _("Works from … to …")

    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    every_year = models.BooleanField(_("every year"), default=False)
    kind = models.CharField(_("what happens"), max_length=8, choices=Kind.choices, default=Kind.CLOSED)
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)
    name = models.CharField(_("reason"), max_length=80, blank=True)

    class Meta:
        ordering = ["calendar_id", "day", "starts"]
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day", "starts"], name="calendar_day_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(kind="horario", starts__isnull=False, ends__isnull=False)
                | (~Q(kind="horario") & Q(starts=None, ends=None)),
                name="calendar_day_hours",
                violation_error_message=_("Hours belong to a day with hours of its own, and to no other."),
            ),
        ]

    def __str__(self) -> str:
        hours = f" {self.starts:%H:%M}-{self.ends:%H:%M}" if self.starts and self.ends else ""
        return f"{self.day} {self.kind}{hours}{' *' if self.every_year else ''}"


class AreaCalendar(models.Model):
    """The calendar that an area works by; an area without a row works by the site's."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="+", verbose_name=_("area"))
    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.CASCADE, related_name="areas", verbose_name=_("calendar")
    )

    class Meta:
        ordering = ["area_id"]
        verbose_name = _("calendar of an area")
        verbose_name_plural = _("calendars of areas")

    def __str__(self) -> str:
        return f"{self.area.code}: {self.calendar_id}"


def _minutes(label: Any, default: int) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(label, default=default, validators=TARGET_MINUTES)


class SlaPolicy(models.Model):
    """Targets for the incidents that meet its conditions; the first that matches holds."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    position = models.PositiveIntegerField(_("position"), default=100, help_text=_("Lower ones are tried first."))
    is_enabled = models.BooleanField(_("enabled"), default=True)
    if_area = models.ForeignKey(
        Area, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("if the area is")
    )
    if_priority = models.CharField(_("if the priority is"), max_length=2, choices=PRIORITIES, blank=True)
    if_level = models.CharField(_("if the level is"), max_length=2, choices=LEVELS, blank=True)
    if_source = models.CharField(_("if the source is"), max_length=40, blank=True)
    response_l1 = _minutes(_("response in L1"), RESPONSE_MINUTES["L1"])
    response_l2 = _minutes(_("response in L2"), RESPONSE_MINUTES["L2"])
    response_l3 = _minutes(_("response in L3"), RESPONSE_MINUTES["L3"])
    resolution_p1 = _minutes(_("resolution of P1"), RESOLUTION_MINUTES["P1"])
    resolution_p2 = _minutes(_("resolution of P2"), RESOLUTION_MINUTES["P2"])
    resolution_p3 = _minutes(_("resolution of P3"), RESOLUTION_MINUTES["P3"])
    resolution_p4 = _minutes(_("resolution of P4"), RESOLUTION_MINUTES["P4"])
    warn_percent = models.PositiveSmallIntegerField(
        _("warn at"),
        default=75,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("Percent of the time used; 100 is a breach."),
    )
    calendar = models.ForeignKey(
        BusinessCalendar,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="policies",
        verbose_name=_("calendar"),
        help_text=_("Empty: the calendar of the area."),
    )

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("target policy")
        verbose_name_plural = _("target policies")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(
                        Q(**{f"{name}__gte": 1})
                        for name in (
                            *(f"response_{level.lower()}" for level in RESPONSE_MINUTES),
                            *(f"resolution_{priority.lower()}" for priority in RESOLUTION_MINUTES),
                        )
                    ),
                    warn_percent__range=(1, 99),
                ),
                name="sla_policy_figures",
            )
        ]

    def __str__(self) -> str:
        return self.name


class IncidentPause(models.Model):
    """A stretch in which the clock of an incident stood still; it counts in whatever calendar holds later."""

    class Kind(models.TextChoices):
        WAITING = "espera", _("Waited for somebody")
        RESOLVED = "resuelta", _("Counted as resolved until it was reopened")

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("to"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["incident_id", "started_at", "id"]
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        indexes = [models.Index(fields=["incident", "started_at"], name="incident_pause")]
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="incident_pause_forward")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.started_at:%Y-%m-%d %H:%M}"


class SlaMark(models.Model):
    """What was told or done about one run of a timer, so that it happens once.

    A run is known by its start: the response begins again in every level.
    """

    class What(models.TextChoices):
        WARNED = "aviso", _("At risk")
        BREACHED = "vencido", _("Breached")
        RULE = "regla", _("Rule applied")

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="sla_marks")
    timer = models.CharField(_("target"), max_length=10, choices=Timer.choices)
    started_at = models.DateTimeField(_("start of the timer"))
    what = models.CharField(_("what"), max_length=8, choices=What.choices)
    rule = models.ForeignKey(
        "incidents.EscalationRule",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="marks",
        verbose_name=_("rule"),
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["incident_id", "at", "id"]
        verbose_name = _("mark of a target")
        verbose_name_plural = _("marks of targets")
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "timer", "started_at", "what", "rule"], name="sla_mark_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(what="regla", rule__isnull=False) | (~Q(what="regla") & Q(rule=None)),
                name="sla_mark_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.timer} {self.what}"
