"""What ties incidents together beyond links: merges, with what it takes to undo them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Merge(models.Model):
    """An incident that went into another one, and what it was before, so that it can be undone exactly."""

    batch = models.UUIDField(_("action"), db_index=True, help_text=_("Those merged in one action share it."))
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="merges", verbose_name=_("incident")
    )
    survivor = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="merges_in", verbose_name=_("merged into")
    )
    before = models.JSONField(_("values before"), default=dict)
    made_link = models.BooleanField(_("made a link"), default=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.UniqueConstraint(fields=["incident"], condition=Q(undone_at=None), name="merge_once"),
            models.CheckConstraint(condition=~Q(incident=F("survivor")), name="merge_not_into_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} -> {self.survivor_id}"


class IncidentVector(models.Model):
    """What a report says, as a vector of the embedder with this fingerprint: little-endian float32. Rebuildable."""

    incident = models.OneToOneField(
        "incidents.Incident", on_delete=models.CASCADE, primary_key=True, related_name="meaning"
    )
    fingerprint = models.CharField(max_length=64)
    vector = models.BinaryField()

    class Meta:
        ordering = ["incident_id"]
        verbose_name = _("vector of an incident")
        verbose_name_plural = _("vectors of incidents")

    def __str__(self) -> str:
        return f"{self.incident_id}@{self.fingerprint[:8]}"
