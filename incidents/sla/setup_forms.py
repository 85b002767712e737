"""Working hours, as a step of the first-run guide."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from prsystem.core.context import Actor
from prsystem.runtime.selectors import get_setting

from .calendars import Hours, calendar_of_site_set
from .public_days import supported


class HoursForm(forms.Form):
    """The same hours on every working day; split days and shifts on the calendar's own page."""

    days = forms.MultipleChoiceField(
        label=_("Working days"),
        choices=sorted(WEEKDAYS.items()),
        initial=[0, 1, 2, 3, 4],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    starts = forms.TimeField(label=_("from"), initial="09:00")
    ends = forms.TimeField(label=_("to"), initial="18:00")
    is_always = forms.BooleanField(label=_("24 x 7"), required=False, help_text=_("Then days and hours don't matter."))
    country = forms.CharField(
        label=_("Public holidays of"),
        max_length=3,
        initial="MX",
        required=False,
        help_text=_("Country code, or empty."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actor = actor

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].upper()
        if country and country not in supported():
            raise forms.ValidationError(_("Unknown country code, for example: MX, ES, US."))
        return country

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("is_always") and not given.get("days"):
            self.add_error("days", _("A calendar needs at least one working day, or the mark 24 x 7."))
        return given

    def save(self) -> None:
        given = self.cleaned_data
        hours = Hours(
            zone=get_setting("site.time_zone"),
            weekdays=tuple(int(day) for day in given["days"]),
            starts=given["starts"],
            ends=given["ends"],
            is_always=given["is_always"],
            country=given["country"],
        )
        calendar_of_site_set(actor=self._actor, hours=hours)
