from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from prsystem.runtime import trail

        from . import metrics
        from .services import record

        trail.register(record)
        metrics.register()
