"""The audit trail, to search and read."""

from django.contrib import admin

from prsystem.core.console.base import ReadOnlyAdmin

from .models import AuditEntry, PersonKey, Retirement, SealBatch, SealedEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("timestamp", "actor", "accion", "recurso", "resultado", "ip")
    list_filter = ("resultado", "actor_kind", "timestamp")
    search_fields = ("recurso__exact", "actor__exact", "accion__startswith", "request_id__exact")
    search_help_text = "incidencia:123 · ana · incident.claimed"
    ordering = ("-id",)


@admin.register(SealBatch)
class SealBatchAdmin(ReadOnlyAdmin):
    list_display = ("number", "count", "sealed_at", "key")
    search_fields = ("number__exact",)


@admin.register(SealedEntry)
class SealedEntryAdmin(ReadOnlyAdmin):
    list_display = ("entry_id", "batch", "ordinal")
    list_select_related = ("batch",)
    search_fields = ("entry_id__exact", "batch__number__exact")


@admin.register(PersonKey)
class PersonKeyAdmin(ReadOnlyAdmin):
    """Which people have a key; never the key."""

    list_display = ("user_id", "made_at", "destroyed_at")
    search_fields = ("user_id__exact",)
    exclude = ("secret",)


@admin.register(Retirement)
class RetirementAdmin(ReadOnlyAdmin):
    list_display = ("at", "first_batch", "last_batch", "entries")
