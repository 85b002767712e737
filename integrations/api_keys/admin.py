"""API keys in the console: made (the key is shown once), changed, rotated, revoked. Rows are never removed."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import BaseFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from prsystem.core.console.base import ReadOnlyAdmin
from prsystem.core.errors import DomainError, InvalidInput
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.step_up import StepUpAdmin

from .models import ApiKey, Scope
from .services import (
    KeySpec,
    NewKey,
    api_key_create,
    api_key_revoke,
    api_key_rotate,
    api_key_update,
    is_past,
    networks_checked,
    scopes_need_areas,
)


class ApiKeyForm(ModelForm):
    """Scopes to tick; networks are checked as the service does."""

    scopes = forms.MultipleChoiceField(
        label=_("scopes"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple, required=True
    )

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "areas", "networks", "rate_per_minute", "owner", "expires_at")

    def clean_networks(self) -> list[str]:
        try:
            return networks_checked(self.cleaned_data["networks"] or [])
        except InvalidInput as error:
            raise forms.ValidationError([str(text) for text in error.errors["networks"]]) from error

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if scopes_need_areas(values.get("scopes", [])) and not values.get("areas"):
            self.add_error("areas", _("A key for incidents needs at least one area."))
        if not self.instance.pk and is_past(values.get("expires_at")):
            self.add_error("expires_at", _("That moment has passed: the key would never work."))
        return values

    def spec(self) -> KeySpec:
        values = self.cleaned_data
        return KeySpec(
            name=values["name"],
            scopes=values["scopes"],
            areas=list(values["areas"]),
            networks=values["networks"],
            rate_per_minute=values["rate_per_minute"],
            owner=values["owner"],
            expires_at=values["expires_at"],
        )


@admin.register(ApiKey)
class ApiKeyAdmin(StepUpAdmin, ReadOnlyAdmin):
    entity, kind = "api_key", "clave_api"
    may_add = may_change = True
    form = ApiKeyForm
    list_display = ("prefix", "name", "scope_list", "owner", "last_used_at", "expires_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "areas")
    search_fields = ("prefix__startswith", "name", "owner__username")
    list_select_related = ("owner",)
    autocomplete_fields = ("areas", "owner")
    readonly_fields = ("prefix", "created_at", "last_used_at", "old_until", "revoked_at")
    actions = ("rotate", "revoke")

    @admin.display(description=_("scopes"))
    def scope_list(self, obj: ApiKey) -> str:
        return ", ".join(obj.scopes)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: ModelForm, change: bool) -> None:
        if change:
            api_key_update(actor=actor_of(request), api_key_id=obj.pk, spec=form.spec())
            return
        made = api_key_create(actor=actor_of(request), spec=form.spec())
        obj.pk, obj.prefix = made.api_key.pk, made.api_key.prefix
        request.keys_made = [made]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list[BaseFormSet], change: bool) -> None:
        """The service kept the areas as well."""

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        return self._shown(request, request.keys_made)

    @admin.action(description=_("Rotate the selected keys: new secrets, the old ones stay valid for 7 days"))
    def rotate(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        made = []
        for api_key in queryset:
            try:
                made.append(api_key_rotate(actor=actor_of(request), api_key_id=api_key.pk))
            except DomainError as error:
                self.message_user(request, f"{api_key}: {error}", messages.ERROR)
        return self._shown(request, made) if made else None

    @admin.action(description=_("Revoke the selected keys at once"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = len([api_key_revoke(actor=actor_of(request), api_key_id=api_key.pk) for api_key in queryset])
        text = ngettext("%(n)d key is revoked.", "%(n)d keys are revoked.", count)
        self.message_user(request, text % {"n": count}, messages.SUCCESS)

    def _shown(self, request: HttpRequest, made: list[NewKey]) -> HttpResponse:
        """The answer to the POST itself holds the keys: no cookie, session or address ever does."""
        context = {**self.admin_site.each_context(request), "made": made, "opts": self.opts, "title": _("Keep the key")}
        response = TemplateResponse(request, "admin/integrations/apikey/shown.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response
