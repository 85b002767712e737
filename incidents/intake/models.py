"""What machines report: events that repeat, and times at which they are expected to."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import Area

SOURCE_LENGTH = 40


class Storm(models.Model):
    """One kind of event that another system sends, known by its fingerprint, and the incident that stands for it."""

    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    source = models.CharField(_("source"), max_length=SOURCE_LENGTH)
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, null=True, related_name="storms", verbose_name=_("incident")
    )
    total = models.PositiveIntegerField(_("events of this incident"), default=0)
    first_at = models.DateTimeField(_("first"), null=True)
    last_at = models.DateTimeField(_("last"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("repeated event")
        verbose_name_plural = _("repeated events")

    def __str__(self) -> str:
        return f"{self.source} {self.fingerprint[:12]}"


class StormReference(models.Model):
    """A reference of another system whose event was counted into an incident that is known by another one."""

    source = models.CharField(_("source"), max_length=SOURCE_LENGTH)
    reference = models.CharField(_("external reference"), max_length=120)
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="repeated_references", verbose_name=_("incident")
    )

    class Meta:
        ordering = ["id"]
        verbose_name = _("reference of a repeated event")
        verbose_name_plural = _("references of repeated events")
        constraints = [models.UniqueConstraint(fields=["source", "reference"], name="storm_reference_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.reference}"


class MaintenanceWindow(models.Model):
    """A time at which what systems report is taken in silently; what is still open is told at its end."""

    reason = models.CharField(_("reason"), max_length=200)
    area = models.ForeignKey(
        Area,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
        help_text=_("Empty: all areas."),
    )
    source = models.CharField(
        _("source"),
        max_length=SOURCE_LENGTH,
        blank=True,
        help_text=_("The origin of the reports, such as mes. Empty: all systems. People's reports are never silenced."),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = _("maintenance window")
        verbose_name_plural = _("maintenance windows")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="maintenance_ends_after_start",
                violation_error_message=_("The end has to be after the start."),
            )
        ]

    def __str__(self) -> str:
        return self.reason
