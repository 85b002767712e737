"""What a report means, as a vector: an index that can be made again."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
