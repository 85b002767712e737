from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = _("Integrations")

    def ready(self) -> None:
        from prsystem.core import checks

        from . import probes
        from .api_keys import schema  # noqa: F401  drf-spectacular finds it

        checks.register("chromadb", probes.chroma_state)
        checks.register("ollama", probes.ollama_state)

        from .webhooks import metrics

        metrics.register()
