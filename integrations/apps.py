from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        from prsystem.core import checks

        from . import probes

        checks.register("chromadb", probes.chroma_state)
        checks.register("ollama", probes.ollama_state)
