"""Model nodes in the console: what they are, how they are now, and the switches."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prsystem.core.console.base import AuditedAdmin
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.step_up import StepUpAdmin

from .listing import is_of_environment
from .models import ModelNode
from .services import SEEDED, node_set_state, standing_of


@admin.register(ModelNode)
class ModelNodeAdmin(StepUpAdmin, AuditedAdmin):
    entity = "model_node"
    list_display = ("url", "state", "health", "loaded", "in_hand", "max_in_flight", "weight", "is_enabled", "source")
    search_fields = ("url", "note")
    readonly_fields = ("source", "health", "installed", "loaded", "in_hand")
    fieldsets = (
        (None, {"fields": ("url", "is_enabled", "state", "max_in_flight", "weight", "note")}),
        (_("Now"), {"fields": readonly_fields}),
    )
    actions = ("cordon", "drain", "uncordon")

    def get_fieldsets(self, request: HttpRequest, obj: ModelNode | None = None) -> Any:
        """A node that isn't there yet has no standing."""
        return self.fieldsets if obj else self.fieldsets[:1]

    def get_readonly_fields(self, request: HttpRequest, obj: ModelNode | None = None) -> Any:
        """The address of a node that OLLAMA_URLS names is changed there."""
        return (*self.readonly_fields, "url") if obj and is_of_environment(obj) else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A node that OLLAMA_URLS names would be back at once: it is switched off, or taken out of OLLAMA_URLS."""
        return not (obj and is_of_environment(obj)) and super().has_delete_permission(request, obj)

    @admin.display(description=_("named by"))
    def source(self, node: ModelNode) -> str:
        if is_of_environment(node):
            return "OLLAMA_URLS"
        return gettext("no longer OLLAMA_URLS") if node.note == SEEDED else gettext("the console")

    @admin.display(description=_("health"))
    def health(self, node: ModelNode) -> str:
        is_healthy = standing_of(node).is_healthy
        if is_healthy is None:
            return gettext("not asked") if not node.is_enabled else gettext("address not allowed")
        return gettext("answers") if is_healthy else gettext("doesn't answer")

    @admin.display(description=_("loaded models"))
    def loaded(self, node: ModelNode) -> str:
        return ", ".join(standing_of(node).loaded) or "—"

    @admin.display(description=_("installed models"))
    def installed(self, node: ModelNode) -> str:
        return ", ".join(standing_of(node).installed) or "—"

    @admin.display(description=_("in hand"))
    def in_hand(self, node: ModelNode) -> str:
        count = standing_of(node).in_hand
        if node.state == ModelNode.State.DRAINING and not count:
            return gettext("0: it can be switched off")
        return str(count)

    @admin.action(description=_("Cordon: no new work for now"))
    def cordon(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._set(request, queryset, ModelNode.State.CORDONED)

    @admin.action(description=_("Drain: no new work, to be switched off"))
    def drain(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._set(request, queryset, ModelNode.State.DRAINING)

    @admin.action(description=_("Uncordon: give it work again"))
    def uncordon(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._set(request, queryset, ModelNode.State.ACTIVE)

    def _set(self, request: HttpRequest, queryset: QuerySet[Any], state: str) -> None:
        for node in queryset:
            node_set_state(actor=actor_of(request), node_id=node.pk, state=state)
