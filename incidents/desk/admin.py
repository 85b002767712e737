"""Saved views and open pages, to look at. A shared view that nobody should have is removed on its own page."""

from django.contrib import admin

from prsystem.core.console.base import ReadOnlyAdmin

from .models import Presence, SavedView


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    kind = "vista"
    list_display = ("name", "owner", "is_shared", "role", "area", "created_at")
    list_filter = ("is_shared", "role", "area")
    search_fields = ("name", "owner__username")
    list_select_related = ("owner", "area")


@admin.register(Presence)
class PresenceAdmin(ReadOnlyAdmin):
    list_display = ("incident", "user", "seen_at")
    search_fields = ("user__username", "=incident__id")
    list_select_related = ("incident", "user")
