"""Proposals, what they cite and what people thought of them, to look at."""

from django.contrib import admin

from incidents.case.admin import IncidentAdmin
from incidents.case.console import OfIncidentAdmin
from prsystem.core.console.base import ReadOnlyAdmin, ReadOnlyInline

from .models import Citation, Suggestion, SuggestionRating


class SuggestionInline(ReadOnlyInline):
    model = Suggestion
    fields = readonly_fields = ("created_at", "state", "rung", "confidence", "model", "node", "duration_ms")


IncidentAdmin.inlines = (*IncidentAdmin.inlines, SuggestionInline)


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


@admin.register(SuggestionRating)
class SuggestionRatingAdmin(ReadOnlyAdmin):
    list_display = ("suggestion", "citation", "user", "was_helpful", "created_at")
    list_filter = ("was_helpful",)
    search_fields = ("user__username", "=suggestion__incident__id")
    list_select_related = ("suggestion", "citation", "user")
