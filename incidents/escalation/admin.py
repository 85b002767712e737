"""Rules of escalation: what happens by the clock, in their order."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from prsystem.core.console.base import AuditedAdmin

from .models import EscalationRule


@admin.register(EscalationRule)
class EscalationRuleAdmin(AuditedAdmin):
    """Applied by the sweep of every minute, each once for a run of the target."""

    entity, kind = "escalation_rule", "regla"
    list_display = ("position", "name", "is_enabled", "timer", "at_percent", "if_area", "if_level", "to_level")
    list_display_links = ("name",)
    list_filter = ("is_enabled", "timer", "if_area")
    list_select_related = ("if_area",)
    search_fields = ("name",)
    autocomplete_fields = ("assign_to", "notify_user")
    fieldsets = (
        (None, {"fields": ("name", "position", "is_enabled")}),
        (_("When"), {"fields": ("timer", "at_percent")}),
        (
            _("Conditions"),
            {
                "description": _("All of them must hold; an empty one always does."),
                "fields": ("if_area", "if_priority", "if_level"),
            },
        ),
        (_("What happens"), {"fields": ("to_level", "assign_to", "notify_assignee", "notify_user", "notify_level")}),
    )
