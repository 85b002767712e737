"""What every page of the administration console has in common: who may see it, what it may change, what it leaves
behind. A model is read-only here unless its admin says otherwise; each change writes one audit entry."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Model, QuerySet
from django.forms import BaseFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

Values = dict[str, Any]


def _is_admin(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.rights.is_admin


class _Picked(AutocompleteMixin):
    """What was sent and names no row is left out, so that the form with its error can be drawn again."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        key = self.field.remote_field.model._meta.pk
        return super().optgroups(name, [one for one in value if _reads(key, one)], attr)


class _PickedOne(_Picked, AutocompleteSelect):
    pass


class _PickedMany(_Picked, AutocompleteSelectMultiple):
    pass


def _reads(field: Any, text: str) -> bool:
    try:
        field.to_python(text)
    except ValidationError:
        return False
    return True


class ConsoleAccess:
    """Rights come from the role of administrator, not from Django's permissions."""

    may_add = may_change = may_delete = False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return self._picked(_PickedOne, super().formfield_for_foreignkey, db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return self._picked(_PickedMany, super().formfield_for_manytomany, db_field, request, **kwargs)  # type: ignore[misc]

    def _picked(self, widget: Any, made_by: Any, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", widget(db_field, self.admin_site))
        return made_by(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_admin(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_admin(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_add and _is_admin(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_change and _is_admin(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_delete and _is_admin(request)


class ReadOnlyInline(ConsoleAccess, admin.TabularInline):
    """Rows that belong to another one, to look at."""

    extra = 0
    show_change_link = True


class ReadOnlyAdmin(ConsoleAccess, admin.ModelAdmin):
    """Search, filter and look; nothing is added, changed or removed. Its history is the audit trail."""

    show_full_result_count = False
    list_per_page = 50
    entity = ""  # of the action's name in the audit trail, `area.updated`; the model's name when empty
    console_group = ""  # where the front page lists it; see prsystem/console_groups.py
    kind = ""  # of the resource's name, `usuario:7`; as `entity` when empty

    def resource_of(self, obj: Model) -> str:
        """The name of an object in the audit trail: `<kind>:<id>`."""
        return f"{self.kind or self.entity or self.opts.model_name}:{obj.pk}"

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Values | None = None) -> HttpResponse:
        obj = self.get_object(request, object_id)
        query = urlencode({"recurso__exact": self.resource_of(obj)}) if obj else ""
        return redirect(f"{reverse('admin:audit_auditentry_changelist')}?{query}")

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """Django's own log is left empty: the audit entry is written with the change, in its transaction."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """See `log_addition`."""

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        """See `log_addition`."""

    def record(self, request: HttpRequest, verb: str, obj: Model, details: Values) -> None:
        """An audit entry `<entity>.<verb>`; the site writes it, since this app is below the audit trail."""
        self.admin_site.record(request, f"{self.entity or self.opts.model_name}.{verb}", self.resource_of(obj), details)


class AuditedAdmin(ReadOnlyAdmin):
    """Changes are allowed; each leaves one entry with the values before and after, rows of inlines included."""

    may_add = may_change = may_delete = True

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        """The entry is written in `save_related`, when the rows of inlines are saved as well."""
        stored = type(obj)._base_manager.filter(pk=obj.pk).first() if change else None
        form.values_before = values_of(stored) if stored else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list[BaseFormSet], change: bool) -> None:
        before = {**form.values_before, **(_rows_of(formsets) if change else {})}
        super().save_related(request, form, formsets, change)
        after = {**values_of(form.instance), **_rows_of(formsets)}
        if details := differences(before, after):
            self.record(request, "updated" if change else "created", form.instance, details)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self.record(request, "deleted", obj, differences(values_of(obj), {}))
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)


def values_of(obj: Model) -> Values:
    """Field -> plain value, for the audit trail."""
    fields = [field for field in obj._meta.concrete_fields if not isinstance(field, models.BinaryField)]
    return {field.attname: _plain(field.value_from_object(obj)) for field in fields}


def differences(before: Values, after: Values) -> dict[str, Values]:
    """`{"field": {"antes": x, "despues": y}}` for the fields that differ, those of one side included."""
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: {"antes": before.get(name), "despues": after.get(name)}
        for name in names
        if before.get(name) != after.get(name)
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def _rows_of(formsets: list[BaseFormSet]) -> Values:
    """The stored rows of each inline, as text."""
    found: Values = {}
    for formset in formsets:
        rows = formset.model._base_manager.filter(**{formset.fk.name: formset.instance})
        found[formset.model._meta.model_name] = sorted(str(row) for row in rows)
    return found
