"""Areas and first people, as steps of the first-run guide."""

import re
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.people.area_book import area_code_from
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput
from prsystem.core.rights import Role

from .models import Area
from .selectors import areas_all
from .services import NewUser, area_create, user_create

_LINE = re.compile(r"(?:(?P<code>[A-Z][A-Z0-9_-]{1,11})\s*[:·;,-]\s*)?(?P<name>.+)")


class AreasForm(forms.Form):
    """One area per line: `PROD: Producción`, or the name alone."""

    areas = forms.CharField(
        label=_("Areas"),
        widget=forms.Textarea(attrs={"rows": 8, "cols": 50, "placeholder": "PROD: Producción\nMANT: Mantenimiento"}),
        help_text=_("One per line, with or without a short code. Those that exist are left as they are."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actor = actor
        self.rows = [(area.code, area.name) for area in areas_all()]

    @transaction.atomic
    def save(self) -> None:
        taken = {area.code: area.name.casefold() for area in areas_all()}
        for line in filter(None, map(str.strip, self.cleaned_data["areas"].splitlines())):
            found = _LINE.fullmatch(line)
            name = found["name"].strip() if found else line
            code = (found and found["code"]) or area_code_from(name, taken)
            if code in taken or name.casefold() in taken.values():
                continue
            try:
                area_create(actor=self._actor, code=code, name=name)
            except InvalidInput as error:
                raise InvalidInput(errors={"areas": [f"{line}: {text}" for text in error.errors["area"]]}) from error
            taken[code] = name.casefold()


class PersonForm(forms.Form):
    """Somebody with one role; more roles on the person's own page."""

    username = forms.CharField(label=_("User name"), max_length=150)
    full_name = forms.CharField(label=_("Full name"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. The person can change it under «My account»."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    area = forms.ModelChoiceField(
        label=_("Area"), queryset=Area.objects.none(), required=False, empty_label=_("Every area")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas_all()  # type: ignore[attr-defined]
        self._actor = actor

    def save(self) -> None:
        given = self.cleaned_data
        grants = ((given["role"], given["area"].pk if given["area"] else None),)
        new = NewUser(given["username"], given["full_name"], given["email"], given["password"], grants)
        user_create(actor=self._actor, new=new)
