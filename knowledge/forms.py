"""Forms of the knowledge pages."""

from django import forms

from prsystem.core.forms import PageForm


class ListForm(PageForm):
    """Words and an area to narrow the list by."""

    q = forms.CharField(required=False, max_length=200)
    area = forms.CharField(required=False, max_length=20)
    cursor = forms.CharField(required=False, max_length=400)


class FeedbackForm(PageForm):
    util = forms.ChoiceField(choices=[("si", ""), ("no", "")])
