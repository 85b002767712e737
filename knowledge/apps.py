from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from integrations.backups.copy.snapshot import register_canaries
        from integrations.backups.restore.steps import register_after_restore
        from integrations.backups.verify.examining import register_examination
        from integrations.mcp.registry import Tool, register

        from . import metrics

        metrics.register_all()

        register_canaries("knowledge_version")
        register_after_restore("knowledge.services.indexing.index_rebuild")
        register_examination("knowledge", "knowledge.services.golden.golden_questions_ask")
        register(Tool("buscar_conocimiento", "knowledge.api.mcp.buscar_conocimiento", "conocimiento:read"))
        self._register_config()
        self._register_settings()

    def _register_settings(self) -> None:
        from prsystem.runtime.registry import Kind, Setting, register

        from .services.second_opinion import SETTING

        register(
            Setting(
                key=SETTING,
                kind=Kind.TEXT,
                default="",
                label=_("Model that judges doubtful sentences"),
                group=_("Features"),
                help=_(
                    "A small model, named as the nodes list it, other than the one that writes. It is asked only about"
                    " sentences of a model's answer whose words the cited passage doesn't have, and says yes or no;"
                    " numbers, codes, negations and safety steps are never up to it. Empty: nobody is asked, and such"
                    " a sentence isn't shown."
                ),
            ),
        )

    def _register_config(self) -> None:
        from prsystem.runtime.config.of_models import ModelSection
        from prsystem.runtime.config.sections import leave_out, register

        leave_out("knowledge.Article", _("knowledge isn't configuration; backups and the import of articles carry it"))
        register(
            ModelSection(
                code="glossary",
                position=65,
                label=_("Glossary"),
                model="knowledge.GlossaryTerm",
                key=("term", "area"),
                fields=("names", "note"),
                entity="glossary_term",
                kind="termino",
                in_sheet=True,
            )
        )
