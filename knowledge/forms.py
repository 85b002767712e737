"""Forms of the knowledge pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from prsystem.core.web.forms import PageForm


class ListForm(PageForm):
    """Words and an area to narrow the list by."""

    q = forms.CharField(required=False, max_length=200)
    area = forms.CharField(required=False, max_length=20)
    cursor = forms.CharField(required=False, max_length=400)
    fecha = forms.DateField(required=False)


class FeedbackForm(PageForm):
    util = forms.ChoiceField(choices=[("si", ""), ("no", "")])


class ReasonForm(PageForm):
    motivo = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class SeenForm(PageForm):
    """The revision of the text that was on the page."""

    revision = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
