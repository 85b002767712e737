from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "prsystem.core"
    label = "core"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from . import background_metrics, console_pages, field_names, parts_metrics, tracing
        from .console_pages import ConsolePage
        from .replica import measuring

        field_names.names_give()
        tracing.start()
        measuring.register()
        background_metrics.register_all()
        parts_metrics.register_all()

        pages = "prsystem.core.health_pages"
        console_pages.register(
            ConsolePage("salud/", f"{pages}.health", "health", _("Health of the system"), group="system"),
            ConsolePage("salud/reintentar/", f"{pages}.health_retry", "health_retry"),
        )
