from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = _("Incidents")

    def ready(self) -> None:
        from prsystem.core import queue

        from .services.suggesting import suggestion_draft, suggestion_fail
        from .services.triage import incident_triage

        queue.register("incident.triage", incident_triage)
        queue.register("suggestion.draft", suggestion_draft, when_parked=suggestion_fail)
