from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "prsystem.core"
    label = "core"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from prsystem.core.console.pages import ConsolePage

        from .console import field_names
        from .console import pages as console_pages
        from .jobs import schedule
        from .replica import measuring
        from .telemetry import background as background_metrics
        from .telemetry import parts as parts_metrics
        from .telemetry import tracing

        schedule.collect()
        field_names.names_give()
        tracing.start()
        measuring.register()
        background_metrics.register_all()
        parts_metrics.register_all()

        pages = "prsystem.core.health.pages"
        console_pages.register(
            ConsolePage("salud/", f"{pages}.health", "health", _("Health of the system"), group="system"),
            ConsolePage("salud/reintentar/", f"{pages}.health_retry", "health_retry"),
        )
