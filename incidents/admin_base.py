"""What the console pages of rows of an incident have in common."""

from prsystem.core.console import ReadOnlyAdmin

from .models import (
    Attachment,
    Comment,
    Suggestion,
)


class OfIncidentAdmin(ReadOnlyAdmin):
    """Rows of an incident; their trail is the incident's."""

    list_select_related = ("incident",)
    ordering = ("-id",)

    def resource_of(self, obj: Comment | Attachment | Suggestion) -> str:
        return obj.incident.resource
