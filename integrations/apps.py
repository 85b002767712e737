from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = _("Integrations")

    def ready(self) -> None:
        from prsystem.accounts.people import erasing
        from prsystem.core.health import checks

        from . import probes
        from .api_keys import schema  # noqa: F401  drf-spectacular finds it

        erasing.register("integrations.erasing.names_blank")
        checks.register("chromadb", probes.chroma_state)
        checks.register("ollama", probes.ollama_state)
        checks.register("embedder", probes.embedder_state)

        from .ollama import metrics as node_metrics
        from .webhooks import metrics

        node_metrics.register_all()
        metrics.register()

        from prsystem.core.health import panels as health

        health.register("integrations.panels.webhooks_panel")
        health.register("integrations.panels.nodes_panel")
        self._register_settings()
        self._register_pruning()
        self._register_mail()
        self._backups(checks.register)
        self._preflight()
        self._register_setup()
        self._register_config()
        self._seed_nodes()

    def _seed_nodes(self) -> None:
        from django.db.models.signals import post_migrate

        from .nodes.services import nodes_seed

        post_migrate.connect(lambda **_given: nodes_seed(), sender=self, weak=False, dispatch_uid="model_nodes_seed")

    def _register_setup(self) -> None:
        from prsystem.runtime.setup import Step, register

        text = _(
            "Optional. With nodes of Ollama, solutions are written by a language model of one's own; without them they "
            "are made of earlier solutions. Set OLLAMA_URLS and OLLAMA_CHAT_MODEL and start again."
        )
        register(Step("models", 50, _("Model nodes"), text, "integrations.setup_forms.NodesForm"))

    def _register_settings(self) -> None:
        from prsystem.runtime.registry import Kind, Setting, register

        register(
            Setting(
                key="webhooks.enabled",
                kind=Kind.BOOLEAN,
                default=True,
                label=_("Webhooks"),
                group=_("Features"),
                help=_("While off, nothing is sent to other systems; what happens meanwhile is sent afterwards."),
            )
        )

    def _register_pruning(self) -> None:
        from prsystem.core.jobs import pruning
        from prsystem.runtime.registry import register

        from .pruning import SETTING, old_rows

        register(SETTING)
        pruning.register(old_rows)

    def _preflight(self) -> None:
        from . import preflight

        preflight.register_all()

    def _register_mail(self) -> None:
        from prsystem.runtime.registry import register

        from .mail.settings import SETTINGS

        for setting in SETTINGS:
            register(setting)

    def _backups(self, check: Any) -> None:
        from integrations.backups import metrics

        metrics.register()
        check("backups", metrics.state)

        from integrations.backups.verify.examining import register_examination

        register_examination("audit", "integrations.backups.verify.examining.audit_trail_check")

    def _register_config(self) -> None:
        from prsystem.runtime.config.of_models import ModelSection
        from prsystem.runtime.config.sections import leave_out, register

        from .webhooks.config import EndpointSection

        leave_out("integrations.ApiKey", _("a key is shown once and belongs to its site"))

        register(
            ModelSection(
                code="model_nodes",
                position=70,
                label=_("Model nodes"),
                model="integrations.ModelNode",
                key=("url",),
                fields=("is_enabled", "state", "max_in_flight", "weight", "note"),
                entity="model_node",
                switch="is_enabled",
                in_sheet=True,
            )
        )

        register(
            ModelSection(
                code="allowed_targets",
                position=50,
                label=_("Allowed private targets"),
                model="integrations.AllowedTarget",
                key=("host", "networks", "ports"),
                fields=("note",),
                entity="allowed_target",
                in_sheet=True,
            )
        )
        register(
            EndpointSection(
                code="endpoints",
                position=60,
                label=_("Webhook endpoints"),
                model="integrations.Endpoint",
                key=("name",),
                fields=("url", "events", "shape", "template", "is_ordered"),
                entity="webhook",
                prepare="integrations.webhooks.services.endpoint_give_secret",
            )
        )
