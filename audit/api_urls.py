"""Addresses of the audit trail in the API."""

from prsystem.core.api.requests import address

from .api import EntryView, TrailView, VerifyView

urlpatterns = [
    *address("auditoria", TrailView.as_view(), "api_trail"),
    *address("auditoria/verificar", VerifyView.as_view(), "api_trail_verify"),
    *address("auditoria/<int:n>", EntryView.as_view(), "api_trail_entry"),
]
