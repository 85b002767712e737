"""The audit trail, to search and read."""

from django.contrib import admin

from prsystem.core.console import ReadOnlyAdmin

from .models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("timestamp", "actor", "accion", "recurso", "resultado", "ip")
    list_filter = ("resultado", "actor_kind", "timestamp")
    search_fields = ("recurso__exact", "actor__exact", "accion__startswith", "request_id__exact")
    search_help_text = "incidencia:123 · ana · incident.claimed"
    ordering = ("-id",)
