"""What became of proposals, to look at."""

from django.contrib import admin

from incidents.case.console import OfIncidentAdmin
from incidents.suggestions.models import HiddenSource
from prsystem.core.console.base import ReadOnlyAdmin

from .models import ProposalOutcome, SourceOutcome


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
