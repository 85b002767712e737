"""The field that a setting's kind calls for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .registry import Kind, Setting


class LinesField(forms.CharField):
    """One item per line."""

    widget = forms.Textarea(attrs={"rows": 8, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]


def _text(setting: Setting) -> forms.Field:
    long = setting.max_length > 300
    widget = forms.Textarea(attrs={"rows": 6, "cols": 60}) if long else forms.TextInput(attrs={"size": 60})
    return forms.CharField(required=False, max_length=setting.max_length, widget=widget)


def _integer(setting: Setting) -> forms.Field:
    low, high = (None if bound is None else int(bound) for bound in (setting.minimum, setting.maximum))
    return forms.IntegerField(min_value=low, max_value=high)


_FIELDS = {
    Kind.BOOLEAN: lambda setting: forms.BooleanField(required=False),
    Kind.INTEGER: _integer,
    Kind.DECIMAL: lambda setting: forms.FloatField(min_value=setting.minimum, max_value=setting.maximum),
    Kind.TEXT: _text,
    Kind.CHOICE: lambda setting: forms.ChoiceField(choices=setting.choices),
    Kind.LINES: lambda setting: LinesField(required=False),
}


def field_of(setting: Setting) -> forms.Field:
    field: forms.Field = _FIELDS[setting.kind](setting)
    field.label, field.help_text = _("Value"), setting.help
    return field


class SettingForm(forms.Form):
    """`seen` is the last change that the form was made from. What is typed doesn't matter to a reset."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, setting: Setting, *args: Any, is_reset: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valor"] = forms.CharField(required=False) if is_reset else field_of(setting)
