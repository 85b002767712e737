"""Addresses of the audit trail in the API."""

from prsystem.core.api.requests import address

from .api import EntryView, ExportView, TrailView, VerifyView

urlpatterns = [
    *address("auditoria", TrailView.as_view(), "api_trail"),
    *address("auditoria/exportar", ExportView.as_view(), "api_trail_export"),
    *address("auditoria/verificar", VerifyView.as_view(), "api_trail_verify"),
    *address("auditoria/<int:n>", EntryView.as_view(), "api_trail_entry"),
]
