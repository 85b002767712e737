"""The filters of the trail."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.export.formats import FORMATS, Range
from prsystem.core.text.cleaning import clean_line

from .models import AuditEntry


class LineField(forms.CharField):
    """One clean line of text."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class TrailForm(forms.Form):
    """Who, what, on what, with which outcome, from which day to which. An unusable value is shown as an error."""

    quien = LineField(required=False, max_length=150)
    accion = LineField(required=False, max_length=60)
    recurso = LineField(required=False, max_length=120)
    resultado = forms.ChoiceField(required=False, choices=[("", ""), *AuditEntry.Outcome.choices])
    desde = forms.DateField(required=False)
    hasta = forms.DateField(required=False)
    formato = forms.ChoiceField(required=False, choices=[("", ""), *((name, name) for name in FORMATS)])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = data.get("desde"), data.get("hasta")
        if since and until and until < since:
            self.add_error("hasta", _("The last day is before the first one."))
        return data

    @property
    def span(self) -> Range:
        """Whole days in the site's time zone, the last one included."""
        since, until = self.cleaned_data.get("desde"), self.cleaned_data.get("hasta")
        return Range(_midnight(since), _midnight(until + timedelta(days=1)) if until else None)

    @property
    def given(self) -> dict[str, str]:
        """The filters that were filled in, as text."""
        names = ("quien", "accion", "recurso", "resultado", "desde", "hasta")
        return {name: str(value) for name in names if (value := self.cleaned_data.get(name))}


def _midnight(day: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
