from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "prsystem.core"
    label = "core"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from .replica import measuring

        measuring.register()
