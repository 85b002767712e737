"""Forms of the pages of manuals. What the file is is checked by the service, which reads its bytes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import Area
from prsystem.core.web.forms import PageForm, choice_field

from .manuals.kinds import ACCEPT
from .models import Article


class EditionForm(PageForm):
    archivo = forms.FileField(
        label=_("File"),
        help_text=_("PDF, DOCX, HTML or Markdown, up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={"empty": _("The file is empty.")},
    )


def _visibility_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Who may read it"), choices=Article.Visibility.choices, initial=Article.Visibility.AREA
    )


class VisibilityForm(PageForm):
    """Who may read a manual that is there already."""

    visibilidad = _visibility_field()


class ManualForm(EditionForm):
    """The first edition, whose manual it is, and who may read it."""

    nombre = forms.CharField(
        label=_("Name"), max_length=100, required=False, help_text=_("As citations say it; empty: the file's name.")
    )
    area = forms.ChoiceField(label=_("Area"))
    visibilidad = _visibility_field()

    def __init__(self, *args: Any, areas: Sequence[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._areas = {area.code: area for area in areas}
        choice_field(self, "area").choices = [(area.code, area.name) for area in areas]

    def clean_area(self) -> Area:
        return self._areas[self.cleaned_data["area"]]
