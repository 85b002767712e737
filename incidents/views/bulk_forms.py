"""Forms of the actions on many incidents that need something to be told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.case.choices import Level, Priority
from prsystem.accounts.selectors import areas_in, engineers_in
from prsystem.core.rights import AreaSet, Rights
from prsystem.core.web.forms import PageForm, choice_field


class BulkForm(PageForm):
    """Made with the rights of the person, who chooses among what these reach."""

    title: Any = ""

    def __init__(self, rights: Rights, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill(rights)

    def fill(self, rights: Rights) -> None:
        """Set the choices."""


class BulkAssignForm(BulkForm):
    title = _("Assign")
    asignado_a = forms.ChoiceField(label=_("Assign to"))

    def fill(self, rights: Rights) -> None:
        people = sorted(engineers_in(rights.works_incidents), key=lambda person: str(person).casefold())
        choice_field(self, "asignado_a").choices = [(person.username, str(person)) for person in people]


class BulkEscalateForm(BulkForm):
    title = _("Escalate")
    nivel = forms.ChoiceField(label=_("To level"), choices=[(level, level) for level in Level.values[1:]])
    motivo = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class BulkPriorityForm(BulkForm):
    title = _("Change priority")
    prioridad = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)


class BulkAreaForm(BulkForm):
    title = _("Change area")
    area = forms.ChoiceField(label=_("Area"))

    def fill(self, rights: Rights) -> None:
        areas = areas_in(AreaSet(everywhere=True))
        choice_field(self, "area").choices = [(area.code, area.name) for area in areas]


class BulkWaitForm(BulkForm):
    title = _("Put on hold")
    motivo = forms.CharField(label=_("What are we waiting for?"), max_length=200)


class BulkMergeForm(BulkForm):
    title = _("Merge")
    en = forms.CharField(
        label=_("Number of the incident that stays"),
        max_length=30,
        required=False,
        help_text=_("Left empty, the oldest of those chosen stays. It can be undone for ten minutes."),
        widget=forms.TextInput(attrs={"placeholder": "INC-000123"}),
    )


FORMS: dict[str, type[BulkForm]] = {
    "asignar": BulkAssignForm,
    "escalar": BulkEscalateForm,
    "prioridad": BulkPriorityForm,
    "area": BulkAreaForm,
    "esperar": BulkWaitForm,
    "fusionar": BulkMergeForm,
}
