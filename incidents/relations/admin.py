"""Links and merges, to look at."""

from django.contrib import admin

from incidents.case.console import OfIncidentAdmin
from prsystem.core.console.base import ReadOnlyAdmin

from .models import Link, Merge


@admin.register(Link)
class LinkAdmin(ReadOnlyAdmin):
    list_display = ("source", "kind", "target", "created_at")
    list_filter = ("kind",)
    search_fields = ("=source__id", "=target__id")
    list_select_related = ("source", "target")


@admin.register(Merge)
class MergeAdmin(OfIncidentAdmin):
    list_display = ("incident", "survivor", "user", "created_at", "undone_at")
    search_fields = ("=incident__id", "=survivor__id")
    list_select_related = ("incident", "survivor", "user")
