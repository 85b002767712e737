"""Forms of the incident pages. They check shape only; the rules are in the services."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from incidents.case.choices import Grade, Level, Priority
from incidents.case.models import Incident
from prsystem.accounts.selectors import areas_in, engineers_of
from prsystem.core.files import checks as filechecks
from prsystem.core.files.types import ALLOWED, sniff
from prsystem.core.rights import AreaSet, Rights
from prsystem.core.web.forms import PageForm, choice_field

MAX_FILES = 10
ACCEPT = ",".join(sorted(f".{extension}" for extensions in ALLOWED.values() for extension in extensions))


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, each of an accepted type and size by its first bytes."""

    default_error_messages = {
        "too_many": _("At most %(limit)d files at once."),
        "too_large": _("«%(name)s» is larger than %(limit)d MB."),
        "bad_type": _("«%(name)s» isn't a file of an accepted type, or its content isn't what its name says."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesInput(attrs={"multiple": True, "data-files": "", "accept": ACCEPT}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [super(FilesField, self).clean(item, initial) for item in data or []]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > MAX_FILES:
            raise forms.ValidationError(self.error_messages["too_many"] % {"limit": MAX_FILES})
        for file in files:
            self._check(file)
        return files

    def _check(self, file: UploadedFile) -> None:
        limit = settings.MAX_ATTACHMENT_BYTES
        if (file.size or 0) > limit:
            raise forms.ValidationError(
                self.error_messages["too_large"] % {"name": file.name, "limit": limit // 1024**2}
            )
        head = file.read(8192)
        file.seek(0)
        kind, extension = sniff(head), (file.name or "").rpartition(".")[2].lower()
        if kind is None or extension not in ALLOWED[kind]:
            raise forms.ValidationError(self.error_messages["bad_type"] % {"name": file.name})
        if fault := filechecks.fault_of(file, kind, extension):
            raise forms.ValidationError(filechecks.MESSAGES[fault] % {"name": file.name})


class ReportForm(PageForm):
    """Three fields; the rest may stay folded."""

    titulo = forms.CharField(
        label=_("What is wrong?"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"data-counter": "", "autofocus": True, "placeholder": _("Press 4 stops with alarm E-217")}
        ),
    )
    descripcion = forms.CharField(
        label=_("Tell what happens"),
        max_length=20000,
        help_text=_("Since when, what you were doing, which message you see, what you tried."),
        widget=forms.Textarea(attrs={"rows": 6, "data-counter": ""}),
    )
    area = forms.ChoiceField(label=_("Area"))
    impacto = forms.TypedChoiceField(
        label=_("Impact"),
        coerce=int,
        choices=[("", _("Let the system estimate it")), *Grade.choices],
        required=False,
        empty_value=None,
        help_text=_("High: a line or many people are stopped."),
    )
    urgencia = forms.TypedChoiceField(
        label=_("Urgency"),
        coerce=int,
        choices=[("", _("Let the system estimate it")), *Grade.choices],
        required=False,
        empty_value=None,
        help_text=_("High: it gets worse with every hour."),
    )
    archivos = FilesField(label=_("Photos and files"), required=False)
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, rights: Rights, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [(area.code, area.name) for area in areas_in(rights.belongs)]
        blank = [] if len(areas) == 1 else [("", _("Choose an area"))]
        choice_field(self, "area").choices = [*blank, *areas]


class VersionedForm(PageForm):
    """Carries the edit counter that the page showed, so that nobody overwrites what they haven't seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReasonForm(VersionedForm):
    motivo = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class WaitForm(VersionedForm):
    motivo = forms.CharField(
        label=_("What are we waiting for?"),
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("Spare part, answer…")}),
    )


class EscalateForm(ReasonForm):
    nivel = forms.ChoiceField(label=_("To level"))

    def __init__(self, incident: Incident, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "nivel").choices = [(level, level) for level in Level.values if level > incident.level]
        self.order_fields(["nivel", "motivo", "version"])


class AssignForm(VersionedForm):
    asignado_a = forms.ChoiceField(label=_("Assign to"))

    def __init__(self, incident: Incident, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = sorted(engineers_of(incident.area_id), key=lambda person: str(person).casefold())
        choice_field(self, "asignado_a").choices = [(person.username, str(person)) for person in people]


class PriorityForm(VersionedForm):
    prioridad = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)


class MergeForm(VersionedForm):
    incidencia = forms.CharField(
        label=_("Number of the incident that stays"),
        max_length=30,
        widget=forms.TextInput(attrs={"placeholder": "INC-000123"}),
    )


class EditForm(VersionedForm):
    """What was reported, to be corrected; a reporter corrects the texts only."""

    titulo = forms.CharField(label=_("Title"), max_length=200)
    descripcion = forms.CharField(
        label=_("Description"), max_length=20000, widget=forms.Textarea(attrs={"rows": 8, "data-counter": ""})
    )
    area = forms.ChoiceField(label=_("Area"))
    impacto = forms.TypedChoiceField(label=_("Impact"), coerce=int, choices=Grade.choices)
    urgencia = forms.TypedChoiceField(label=_("Urgency"), coerce=int, choices=Grade.choices)

    def __init__(self, works: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = areas_in(AreaSet(everywhere=True))
        choice_field(self, "area").choices = [(area.code, area.name) for area in areas]
        if not works:
            for name in ("area", "impacto", "urgencia"):
                del self.fields[name]


class CloseForm(VersionedForm):
    """With open children somebody has to say that they may stay open."""

    hijas = forms.BooleanField(
        label=_("Close it although its children are open"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class LinkForm(VersionedForm):
    incidencia = forms.CharField(
        label=_("Number"), max_length=30, widget=forms.TextInput(attrs={"placeholder": "INC-000123"})
    )
    tipo = forms.ChoiceField(
        label=_("This one is"),
        choices=[
            ("relacionada", _("Related to")),
            ("duplicada", _("Duplicate of")),
            ("padre", _("Parent of the other")),
            ("hija", _("Child of the other")),
        ],
    )


class UnlinkForm(VersionedForm):
    enlace = forms.IntegerField(widget=forms.HiddenInput)


class SplitForm(VersionedForm):
    """What goes into an incident of its own."""

    titulo = forms.CharField(label=_("What is wrong?"), max_length=200)
    descripcion = forms.CharField(
        label=_("Tell what happens"), max_length=20000, widget=forms.Textarea(attrs={"rows": 4})
    )
    comentarios = forms.MultipleChoiceField(
        label=_("Comments that go along"), required=False, widget=forms.CheckboxSelectMultiple
    )
    adjuntos = forms.MultipleChoiceField(
        label=_("Files that go along"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, comments: list[tuple[str, str]], files: list[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("comentarios", comments), ("adjuntos", files)):
            choice_field(self, name).choices = choices
            if not choices:
                del self.fields[name]


class ResolveForm(VersionedForm):
    """How it was solved, and where that knowledge goes."""

    NEW = ""

    solucion = forms.CharField(
        label=_("Solution"),
        max_length=20000,
        help_text=_("The steps that solved it, so that somebody else can repeat them. Markdown works."),
        widget=forms.Textarea(attrs={"rows": 7, "data-counter": ""}),
    )
    causa = forms.CharField(
        label=_("Cause"), max_length=20000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    articulo = forms.ChoiceField(label=_("Knowledge"), required=False)
    publicar = forms.BooleanField(label=_("Publish now"), required=False)
    hijas = forms.ChoiceField(
        label=_("Open children"),
        choices=[
            ("resolver", _("Resolve them with this same solution")),
            ("dejar", _("Leave them open")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self, articles: list[tuple[str, str]], may_publish: bool, children: list[str], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.children = children
        if not children:
            del self.fields["hijas"]
        following = [(slug, _("Next version of «%(title)s»") % {"title": title}) for slug, title in articles]
        choice_field(self, "articulo").choices = [(self.NEW, _("New article")), *following]
        self.fields["publicar"].widget.attrs["class"] = "form-check-input"
        if not may_publish:
            del self.fields["publicar"]


class CommentForm(PageForm):
    cuerpo = forms.CharField(
        label=_("Comment"),
        max_length=10000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("Write a comment…")}),
    )
    interno = forms.BooleanField(
        label=_("Internal: only support sees it"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class AttachForm(PageForm):
    archivos = FilesField(label=_("Files"))


class FilterForm(PageForm):
    """The contract's filters as controls; values that don't exist are ignored by the list, not refused."""

    q = forms.CharField(required=False, max_length=200)
    estado = forms.CharField(required=False, max_length=80)
    nivel = forms.CharField(required=False, max_length=20)
    prioridad = forms.CharField(required=False, max_length=20)
    area = forms.CharField(required=False, max_length=80)
    asignado_a = forms.CharField(required=False, max_length=150)
    orden = forms.CharField(required=False, max_length=20)
    cursor = forms.CharField(required=False, max_length=400)
    huella = forms.CharField(required=False, max_length=40)
