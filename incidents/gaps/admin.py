"""Knowledge gaps in the console: to look at; editors act on their page."""

from django.contrib import admin

from prsystem.core.console.base import ReadOnlyAdmin

from .models import GapCase, KnowledgeGap


@admin.register(KnowledgeGap)
class KnowledgeGapAdmin(ReadOnlyAdmin):
    console_group = "knowledge"
    list_display = ("title", "area", "state", "cases", "reopenings", "hours", "updated_at")
    list_filter = ("state", "area")
    search_fields = ("title", "words")
    list_select_related = ("area",)


@admin.register(GapCase)
class GapCaseAdmin(ReadOnlyAdmin):
    console_group = "knowledge"
    list_display = ("gap", "incident")
    search_fields = ("gap__title",)
    list_select_related = ("gap", "incident")
