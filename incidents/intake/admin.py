"""What machines report: storms of one event, to look at, and windows of maintenance."""

from django.contrib import admin

from incidents.case.console import OfIncidentAdmin
from prsystem.core.console.base import AuditedAdmin

from .models import MaintenanceWindow, Storm, StormReference


@admin.register(Storm)
class StormAdmin(OfIncidentAdmin):
    list_display = ("source", "incident", "total", "first_at", "last_at")
    list_filter = ("source",)
    search_fields = ("=incident__id", "fingerprint")


@admin.register(StormReference)
class StormReferenceAdmin(OfIncidentAdmin):
    list_display = ("source", "reference", "incident")
    search_fields = ("reference", "=incident__id")


@admin.register(MaintenanceWindow)
class MaintenanceWindowAdmin(AuditedAdmin):
    """What systems report meanwhile is taken in; nobody is told until the window ends."""

    entity = "maintenance_window"
    list_display = ("reason", "area", "source", "starts_at", "ends_at")
    list_filter = ("area",)
    list_select_related = ("area",)
    search_fields = ("reason", "source")
