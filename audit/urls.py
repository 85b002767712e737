"""Pages of the audit trail."""

from django.urls import path

from . import views

urlpatterns = [
    path("auditoria/", views.trail, name="audit_trail"),
    path("auditoria/exportar", views.export, name="audit_export"),
    path("auditoria/verificar", views.verify, name="audit_verify"),
    path("auditoria/<int:entry_id>/", views.entry, name="audit_entry"),
]
