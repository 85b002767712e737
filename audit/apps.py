from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from prsystem.core.errors import InvalidInput

SHORTEST_DAYS = 90
TABLES = ("audit_auditentry", "audit_sealbatch", "audit_sealedentry", "audit_personkey")
OF_THE_OWNER = ("audit_retirement",)


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from prsystem.core.database import ownership
        from prsystem.runtime import trail
        from prsystem.runtime.registry import Kind, Setting, register

        from . import metrics
        from .services import record

        ownership.append_only(*TABLES)
        ownership.of_the_owner(*OF_THE_OWNER, functions=("audit_retire", "audit_erase"))
        trail.register(record)
        metrics.register()
        register(
            Setting(
                key="audit.retention_days",
                kind=Kind.INTEGER,
                default=0,
                minimum=0,
                maximum=36500,
                check=_retention_allowed,
                label=_("Days that audit entries are kept"),
                group=_("Audit"),
                help=_(
                    "0 keeps them for ever. Only whole sealed batches are removed; their seals stay and still verify."
                ),
            )
        )


def _retention_allowed(days: int) -> None:
    if 0 < days < SHORTEST_DAYS:
        raise InvalidInput.field("valor", _("At least %(days)d days, or 0 for ever.") % {"days": SHORTEST_DAYS})
