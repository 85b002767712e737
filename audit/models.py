"""The audit trail: rows that are only ever added, in the transaction of the change they tell of."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did what to what, when, from where, with which outcome. Field names are those of the contract."""

    class Outcome(models.TextChoices):
        OK = "ok", _("Done")
        DENIED = "denegado", _("Denied")
        FAILED = "fallido", _("Failed")

    timestamp = models.DateTimeField(db_default=Now(), editable=False)
    actor_kind = models.CharField(max_length=12)
    usuario_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=150)
    accion = models.CharField(max_length=60)
    recurso = models.CharField(max_length=120)
    resultado = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OK)
    detalles = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["recurso", "id"], name="audit_resource"),
            models.Index(fields=["accion", "id"], name="audit_action"),
            models.Index(fields=["usuario_id", "id"], name="audit_user"),
        ]

    def __str__(self) -> str:
        return f"{self.accion} {self.recurso}"
