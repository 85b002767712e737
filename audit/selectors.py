"""Reading the audit trail."""

from django.db.models import QuerySet

from .models import AuditEntry


def entries_of(resource: str) -> QuerySet[AuditEntry]:
    """Entries of one resource, oldest first."""
    return AuditEntry.objects.filter(recurso=resource).order_by("id")
