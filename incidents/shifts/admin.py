"""Notes of shifts and scheduled mails, to look at."""

from django.contrib import admin

from prsystem.core.console.base import ReadOnlyAdmin

from .models import BoardMail, ShiftNote


@admin.register(ShiftNote)
class ShiftNoteAdmin(ReadOnlyAdmin):
    list_display = ("id", "area", "author", "created_at")
    list_filter = ("area",)
    search_fields = ("author__username", "body")
    list_select_related = ("area", "author")


@admin.register(BoardMail)
class BoardMailAdmin(ReadOnlyAdmin):
    list_display = ("user", "what", "area", "rhythm", "done_until")
    list_filter = ("what", "rhythm", "area")
    search_fields = ("user__username",)
    list_select_related = ("user", "area")
