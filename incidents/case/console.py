"""What the console pages of rows of an incident have in common."""

from django.db.models import Model

from prsystem.core.console.base import ReadOnlyAdmin


class OfIncidentAdmin(ReadOnlyAdmin):
    """Rows of an incident (their model has `incident`); their trail is the incident's."""

    list_select_related = ("incident",)
    ordering = ("-id",)

    def resource_of(self, obj: Model) -> str:
        return obj.incident.resource  # type: ignore[attr-defined]
