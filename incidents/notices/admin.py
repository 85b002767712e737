"""What people were told and how they want to be told, to look at."""

from django.contrib import admin

from prsystem.core.console.base import ReadOnlyAdmin

from .models import NoticePreferences, Notification


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "kind", "incident", "in_app", "by_mail", "created_at", "read_at", "mailed_at")
    list_filter = ("kind", "in_app", "by_mail")
    search_fields = ("user__username", "=incident__id")
    list_select_related = ("user", "incident")


@admin.register(NoticePreferences)
class NoticePreferencesAdmin(ReadOnlyAdmin):
    list_display = ("user", "rhythm")
    list_filter = ("rhythm",)
    search_fields = ("user__username",)
    list_select_related = ("user",)
