"""Forms of the pages of the glossary. What may be kept is checked by the service."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import Area
from prsystem.core.web.forms import PageForm, choice_field

WHOLE_SITE = "-"


class GlossaryForm(PageForm):
    """What to look for in the list, and the text to try."""

    q = forms.CharField(required=False, max_length=200)
    area = forms.CharField(required=False, max_length=20)
    cursor = forms.CharField(required=False, max_length=400)
    probar = forms.CharField(
        label=_("A query as somebody would write it"), required=False, max_length=300, widget=forms.TextInput
    )


class TermForm(PageForm):
    """One term. Only areas whose terms the person may keep can be chosen; `everywhere` adds the whole site."""

    termino = forms.CharField(
        label=_("Term"), max_length=80, help_text=_("As articles and manuals say it: «prensa hidráulica».")
    )
    nombres = forms.CharField(
        label=_("Nicknames and alarm codes"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, of two characters or more: «la gorda», «E-77»."),
    )
    area = forms.ChoiceField(label=_("Where it is said"))
    nota = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("For those who read the glossary.")
    )

    def __init__(self, *args: Any, areas: Sequence[Area], everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._areas = {area.code: area for area in areas}
        whole = [(WHOLE_SITE, _("Whole site"))] if everywhere else []
        choice_field(self, "area").choices = [*whole, *((area.code, area.name) for area in areas)]

    def clean_area(self) -> Area | None:
        return self._areas.get(self.cleaned_data["area"])
