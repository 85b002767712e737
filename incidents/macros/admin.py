"""Macros of everybody and templates of checklists; macros of people, to look at and to take away."""

from django.contrib import admin

from prsystem.core.console.base import AuditedAdmin, ReadOnlyAdmin

from .models import ChecklistItem, ChecklistTemplate, Macro


@admin.register(Macro)
class MacroAdmin(AuditedAdmin):
    entity = "macro"
    list_display = ("name", "owner", "area", "set_priority", "assign_to_me", "is_internal")
    list_filter = ("area", ("owner", admin.EmptyFieldListFilter))
    list_select_related = ("owner", "area")
    search_fields = ("name", "owner__username")
    raw_id_fields = ("owner",)


@admin.register(ChecklistTemplate)
class ChecklistTemplateAdmin(AuditedAdmin):
    entity = "checklist_template"
    list_display = ("name", "area")
    list_filter = ("area",)
    list_select_related = ("area",)
    search_fields = ("name", "steps")


@admin.register(ChecklistItem)
class ChecklistItemAdmin(ReadOnlyAdmin):
    list_display = ("id", "incident", "text", "done_by", "done_at")
    list_select_related = ("incident", "done_by")
    search_fields = ("=incident__id", "text")

    def resource_of(self, obj: ChecklistItem) -> str:
        return obj.incident.resource
