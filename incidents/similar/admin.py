"""Vectors of reports, to look at."""

from django.contrib import admin

from prsystem.core.console.base import ReadOnlyAdmin

from .models import IncidentVector


@admin.register(IncidentVector)
class IncidentVectorAdmin(ReadOnlyAdmin):
    list_display = ("incident", "fingerprint")
    fields = ("incident", "fingerprint")
    list_select_related = ("incident",)
    ordering = ("-incident_id",)
