"""Rules of triage, and what was learned, to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from incidents.case.console import OfIncidentAdmin
from prsystem.core.console.base import AuditedAdmin, ReadOnlyAdmin

from .forms import PREVIEW, TriageRuleForm
from .models import TriageCorrection, TriageModel, TriageRule
from .routing import PREVIEW_CASES, rule_preview


@admin.register(TriageRule)
class TriageRuleAdmin(AuditedAdmin):
    """The first rule whose conditions all hold decides when a report comes in; the shipped words come after the last
    one. What a rule would change is shown before it is saved."""

    form = TriageRuleForm
    change_form_template = "admin/incidents/triagerule/change_form.html"
    autocomplete_fields = ("if_reporter", "set_assignee")

    entity = "triage_rule"
    list_display = ("position", "name", "is_enabled", "if_area", "if_source", "if_reporter")
    list_display += ("set_priority", "set_level", "set_area", "set_assignee")
    list_display_links = ("name",)
    list_filter = ("is_enabled", "if_area")
    list_select_related = ("if_area", "set_area", "if_reporter", "set_assignee")
    search_fields = ("name", "if_words")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        if PREVIEW in request.POST and not form.errors:
            context |= {"preview": rule_preview(form.instance), "preview_cases": PREVIEW_CASES}
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(TriageModel)
class TriageModelAdmin(ReadOnlyAdmin):
    list_display = ("target", "version", "is_active", "method", "macro_f1", "accuracy", "examples", "created_at")
    list_filter = ("target", "is_active", "method")
    exclude = ("file",)


@admin.register(TriageCorrection)
class TriageCorrectionAdmin(OfIncidentAdmin):
    list_display = ("id", "incident", "target", "proposed", "chosen", "confidence", "method", "user", "created_at")
    list_filter = ("target", "method")
    search_fields = ("=incident__id",)
    list_select_related = ("incident", "user")
