"""Incidents and what belongs to them, to look at. Every step of their life is taken on the incident's own page."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from prsystem.core.console import AuditedAdmin, ReadOnlyAdmin, ReadOnlyInline

from . import admin_board, admin_desk, admin_exams, admin_gaps, admin_macros, admin_notices  # noqa: F401 -- register
from .admin_sla import BusinessCalendarAdmin, SlaPolicyAdmin
from .answers.models import HiddenSource, ProposalOutcome, SourceOutcome
from .forms_admin import PREVIEW, TriageRuleForm
from .models import (
    Attachment,
    Citation,
    Comment,
    Incident,
    IncidentVector,
    Link,
    MaintenanceWindow,
    Merge,
    Storm,
    StormReference,
    Suggestion,
    SuggestionRating,
    TriageCorrection,
    TriageModel,
    TriageRule,
)
from .selectors import incidents_matching
from .services.routing import PREVIEW_CASES, rule_preview

__all__ = ["BusinessCalendarAdmin", "IncidentAdmin", "SlaPolicyAdmin", "TriageRuleAdmin"]


class CommentInline(ReadOnlyInline):
    model = Comment
    fields = readonly_fields = ("created_at", "author_label", "is_internal", "body")


class SuggestionInline(ReadOnlyInline):
    model = Suggestion
    fields = readonly_fields = ("created_at", "state", "rung", "confidence", "model", "node", "duration_ms")


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    kind = "incidencia"
    list_display = ("number", "title", "area", "state", "level", "priority", "assignee", "source", "created_at")
    list_filter = ("state", "level", "priority", "area", "source")
    search_fields = ("title",)
    search_help_text = _("Words of title and description, or a number such as INC-000123.")
    list_select_related = ("area", "assignee")
    exclude = ("search",)
    inlines = (CommentInline, SuggestionInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        return super().get_queryset(request).defer("search", "description", "solution", "cause")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Incident], search_term: str
    ) -> tuple[QuerySet[Incident], bool]:
        """By the text index of the product's own search."""
        return (incidents_matching(queryset, search_term) if search_term.strip() else queryset), False

    @admin.display(description=_("number"), ordering="id")
    def number(self, obj: Incident) -> str:
        return obj.number


class OfIncidentAdmin(ReadOnlyAdmin):
    """Rows of an incident; their trail is the incident's."""

    list_select_related = ("incident",)
    ordering = ("-id",)

    def resource_of(self, obj: Comment | Attachment | Suggestion) -> str:
        return obj.incident.resource


@admin.register(Comment)
class CommentAdmin(OfIncidentAdmin):
    list_display = ("id", "incident", "author_label", "is_internal", "created_at")
    list_filter = ("is_internal", "created_at")
    search_fields = ("=incident__id", "author_label")


@admin.register(Attachment)
class AttachmentAdmin(OfIncidentAdmin):
    """The file itself is fetched from the incident's page, which checks rights and sends safe headers."""

    list_display = ("name", "incident", "content_type", "size", "uploaded_by", "created_at")
    list_filter = ("content_type", "is_internal")
    search_fields = ("name", "sha256__exact", "=incident__id")
    list_select_related = ("incident", "uploaded_by")
    exclude = ("file",)


@admin.register(Link)
class LinkAdmin(ReadOnlyAdmin):
    list_display = ("source", "kind", "target", "created_at")
    list_filter = ("kind",)
    search_fields = ("=source__id", "=target__id")
    list_select_related = ("source", "target")


@admin.register(IncidentVector)
class IncidentVectorAdmin(ReadOnlyAdmin):
    list_display = ("incident", "fingerprint")
    fields = ("incident", "fingerprint")
    list_select_related = ("incident",)
    ordering = ("-incident_id",)


@admin.register(Merge)
class MergeAdmin(OfIncidentAdmin):
    list_display = ("incident", "survivor", "user", "created_at", "undone_at")
    search_fields = ("=incident__id", "=survivor__id")
    list_select_related = ("incident", "survivor", "user")


class CitationInline(ReadOnlyInline):
    model = Citation
    fields = readonly_fields = ("number", "article", "version", "kind", "score", "fragment")


@admin.register(Suggestion)
class SuggestionAdmin(OfIncidentAdmin):
    list_display = ("id", "incident", "state", "rung", "confidence", "model", "node", "duration_ms", "created_at")
    list_filter = ("state", "rung", "model", "node")
    search_fields = ("=incident__id",)
    inlines = (CitationInline,)


@admin.register(Citation)
class CitationAdmin(ReadOnlyAdmin):
    list_display = ("id", "suggestion", "number", "article", "version", "kind", "score")
    list_filter = ("kind",)
    search_fields = ("article__slug", "=suggestion__incident__id")
    list_select_related = ("suggestion", "article", "version")
    ordering = ("-id",)


@admin.register(ProposalOutcome)
class ProposalOutcomeAdmin(OfIncidentAdmin):
    list_display = ("incident", "result", "resolved_by", "created_at", "reopened_at")
    list_filter = ("result",)
    list_select_related = ("incident", "resolved_by")


@admin.register(SourceOutcome)
class SourceOutcomeAdmin(ReadOnlyAdmin):
    list_display = ("outcome", "version")
    list_select_related = ("outcome", "version__article")


@admin.register(HiddenSource)
class HiddenSourceAdmin(OfIncidentAdmin):
    list_display = ("incident", "article", "hidden_by", "created_at")
    list_select_related = ("incident", "article", "hidden_by")


@admin.register(SuggestionRating)
class SuggestionRatingAdmin(ReadOnlyAdmin):
    list_display = ("suggestion", "citation", "user", "was_helpful", "created_at")
    list_filter = ("was_helpful",)
    search_fields = ("user__username", "=suggestion__incident__id")
    list_select_related = ("suggestion", "citation", "user")


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


@admin.register(Storm)
class StormAdmin(OfIncidentAdmin):
    list_display = ("source", "incident", "total", "first_at", "last_at")
    list_filter = ("source",)
    search_fields = ("=incident__id", "fingerprint")


@admin.register(StormReference)
class StormReferenceAdmin(OfIncidentAdmin):
    list_display = ("source", "reference", "incident")
    search_fields = ("reference", "=incident__id")


@admin.register(MaintenanceWindow)
class MaintenanceWindowAdmin(AuditedAdmin):
    """What systems report meanwhile is taken in; nobody is told until the window ends."""

    entity = "maintenance_window"
    list_display = ("reason", "area", "source", "starts_at", "ends_at")
    list_filter = ("area",)
    list_select_related = ("area",)
    search_fields = ("reason", "source")
