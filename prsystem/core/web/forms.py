"""The base of the pages' forms."""

from typing import Any, cast

from django import forms


class PageForm(forms.Form):
    """Gives each control the class of the pages' style; Django ties hints and errors to it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            widget = field.widget
            if isinstance(widget, forms.RadioSelect | forms.CheckboxInput | forms.HiddenInput):
                continue
            widget.attrs.setdefault("class", "form-select" if isinstance(widget, forms.Select) else "form-control")


def choice_field(form: forms.Form, name: str) -> forms.ChoiceField:
    """A field whose choices are set when the form is made."""
    return cast(forms.ChoiceField, form.fields[name])
