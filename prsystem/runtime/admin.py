"""Stored settings and their history, to look at; they are changed on the page of settings."""

from django.contrib import admin

from prsystem.core.console.base import ReadOnlyAdmin

from .models import SettingChange, StoredSetting


class OfSettingAdmin(ReadOnlyAdmin):
    """Rows of a setting; the trail is the setting's."""

    search_fields = ("key__startswith",)

    def resource_of(self, obj: StoredSetting | SettingChange) -> str:
        return f"ajuste:{obj.key}"


@admin.register(StoredSetting)
class StoredSettingAdmin(OfSettingAdmin):
    list_display = ("key", "value", "changed_at")


@admin.register(SettingChange)
class SettingChangeAdmin(OfSettingAdmin):
    list_display = ("changed_at", "key", "before", "after", "actor")
    list_filter = ("changed_at",)
    search_fields = ("key__startswith", "actor__exact")
