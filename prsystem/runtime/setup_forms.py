"""The step of the site itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prsystem.core.context import Actor

from .registry import setting_of
from .selectors import get_setting
from .services import setting_set


class SiteForm(forms.Form):
    """Name and time zone of the site."""

    name = forms.CharField(label=_("Name of the site"), max_length=60)

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data, initial={"name": get_setting("site.name"), "time_zone": get_setting("site.time_zone")})
        zone = setting_of("site.time_zone")
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=zone.choices, help_text=zone.help)
        self._actor = actor

    def save(self) -> None:
        setting_set(actor=self._actor, key="site.name", value=self.cleaned_data["name"])
        setting_set(actor=self._actor, key="site.time_zone", value=self.cleaned_data["time_zone"])
