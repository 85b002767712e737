"""Texts that are kept from publication until a person has looked at them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .quarantine import Sign


class Hold(models.Model):
    """A version, or an edition of a manual, with signs of an attack. Released by a person, with the reason."""

    version = models.OneToOneField("knowledge.Version", on_delete=models.CASCADE, null=True, related_name="hold")
    edition = models.OneToOneField("knowledge.ManualEdition", on_delete=models.CASCADE, null=True, related_name="hold")
    signs = models.JSONField(_("signs"), default=list, help_text=_("Kind and words of each."))
    created_at = models.DateTimeField(_("held"), auto_now_add=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("held text")
        verbose_name_plural = _("held texts")
        constraints = [
            models.CheckConstraint(
                condition=Q(version__isnull=False) ^ Q(edition__isnull=False), name="hold_of_one_thing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id or ''}/{self.edition_id or ''}"

    @property
    def told(self) -> list[Sign]:
        return [Sign(kind, words) for kind, words in self.signs]
