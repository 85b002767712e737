"""Addresses of what tells of targets."""

from django.urls import path

from .views import sla

urlpatterns = [
    path("incidencias/<str:number>/plazos", sla.incident_sla, name="incident_sla"),
]
