"""Forms of writing. Names are the contract's; what a text may be is for the service to say, so that nothing that was
typed or pasted is cut off by the browser."""

from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import Area
from prsystem.core.errors import DomainError
from prsystem.core.web.forms import PageForm, choice_field

from ..models import Article
from .outlines import OUTLINES
from .texts import Draft

AnyForm = TypeVar("AnyForm", bound=PageForm)
MAX_REVISION = 2**31 - 1
LANGUAGES = [("", _("Recognise it")), ("es", _("Spanish")), ("en", _("English"))]


def _text(label: object, rows: int, hint: object = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "spellcheck": "true", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, strip=False, widget=area, help_text=hint)  # type: ignore[arg-type]


class TextsForm(PageForm):
    """The texts of a version."""

    titulo = forms.CharField(
        label=_("Title"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What happens, as somebody would search it."),
    )
    problema = _text(_("Problem"), 5)
    causa = _text(_("Cause"), 3)
    solucion = _text(_("Solution"), 14)
    idioma = forms.ChoiceField(
        label=_("Language"), required=False, choices=LANGUAGES, widget=forms.Select(attrs={"autocomplete": "off"})
    )

    def draft(self) -> Draft:
        """What was typed, also where the form has errors: nothing of it is lost."""
        return draft_from(self.data)


class DraftForm(TextsForm):
    revision = forms.IntegerField(
        min_value=0, max_value=MAX_REVISION, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )
    sobre = forms.IntegerField(required=False, min_value=0, max_value=MAX_REVISION, widget=forms.HiddenInput)


class CorrectionForm(TextsForm):
    base = forms.CharField(max_length=11, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    sobre = forms.CharField(required=False, max_length=11, widget=forms.HiddenInput)


class StartForm(PageForm):
    """What an article begins with."""

    titulo = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("What happens, as somebody would search it.")
    )
    area = forms.ChoiceField(label=_("Area"))
    visibilidad = forms.ChoiceField(
        label=_("Who may read it"), choices=Article.Visibility.choices, initial=Article.Visibility.AREA
    )
    plantilla = forms.ChoiceField(
        label=_("Start from"),
        required=False,
        initial=OUTLINES[0].code,
        choices=[(outline.code, outline.label) for outline in OUTLINES],
        widget=forms.RadioSelect,
    )

    def __init__(self, areas: list[Area], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "area").choices = [(area.code, area.name) for area in areas]


class DetailsForm(PageForm):
    """Who reads an article, and when it is looked at again."""

    area = forms.ChoiceField(label=_("Area"))
    visibilidad = forms.ChoiceField(label=_("Who may read it"), choices=Article.Visibility.choices)
    revisar_el = forms.DateField(
        label=_("Review on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, areas: list[Area], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "area").choices = [(area.code, area.name) for area in areas]


class ChosenForm(PageForm):
    """Versions that were ticked."""

    ids = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, ids: list[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "ids").choices = [(str(pk), str(pk)) for pk in ids]


def draft_from(data: Any) -> Draft:
    return Draft(
        title=data.get("titulo", ""),
        problem=data.get("problema", ""),
        cause=data.get("causa", ""),
        solution=data.get("solucion", ""),
        lang=data.get("idioma", ""),
    )


def with_errors(form: AnyForm, error: DomainError) -> AnyForm:
    for name, found in error.errors.items():
        form.add_error(name if name in form.fields else None, [str(message) for message in found])
    if not error.errors:
        form.add_error(None, str(error))
    return form
