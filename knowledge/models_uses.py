"""What came of using a version of knowledge at a case."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import Area


class FailedUse(models.Model):
    """A case that came back after it had been resolved with a version. Confirmed once another person has resolved it
    without that version; gone when it was resolved with it after all."""

    article = models.ForeignKey("knowledge.Article", on_delete=models.CASCADE, related_name="failed_uses")
    version = models.ForeignKey("knowledge.Version", on_delete=models.CASCADE, related_name="failed_uses")
    origin = models.CharField(max_length=60, help_text=_("The case: `incidencia:<id>`."))
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+", verbose_name=_("area"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reopened by"),
    )
    is_confirmed = models.BooleanField(_("solved otherwise"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("use that failed")
        verbose_name_plural = _("uses that failed")
        constraints = [models.UniqueConstraint(fields=["version", "origin"], name="failed_use_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.origin}"
