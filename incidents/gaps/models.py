"""Problems that came up again and again and that no published article answers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models import Article, Version
from prsystem.accounts.models import Area


class KnowledgeGap(models.Model):
    """A group of resolved cases alike without an article. A nightly job finds and counts them."""

    class State(models.TextChoices):
        OPEN = "abierto", _("Open")
        DRAFTING = "escribiendo", _("A draft is being written")
        DRAFTED = "con_borrador", _("With a draft")
        DISMISSED = "descartado", _("Dismissed")

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+", verbose_name=_("area"))
    title = models.CharField(_("title"), max_length=200)
    words = models.CharField(_("words"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    cases = models.PositiveIntegerField(_("cases"), default=0)
    reopenings = models.PositiveIntegerField(_("reopenings"), default=0)
    hours = models.FloatField(_("hours lost"), default=0)
    nearest = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("nearest article")
    )
    confidence = models.FloatField(_("its confidence"), default=0)
    draft = models.ForeignKey(
        Version, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("draft")
    )
    rung = models.CharField(_("written by"), max_length=10, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("found"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        ordering = ["-cases", "-hours", "-id"]
        verbose_name = _("knowledge gap")
        verbose_name_plural = _("knowledge gaps")
        indexes = [models.Index(fields=["area", "state"], name="gap_area_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def nearness(self) -> int:
        """How likely the nearest article answers, in per cent."""
        return round(self.confidence * 100)

    @property
    def resource(self) -> str:
        return f"hueco:{self.pk}"


class GapCase(models.Model):
    """A case of a gap; one case belongs to one gap."""

    gap = models.ForeignKey(KnowledgeGap, on_delete=models.CASCADE, related_name="members")
    incident = models.OneToOneField("incidents.Incident", on_delete=models.CASCADE, related_name="gap_case")

    class Meta:
        ordering = ["-incident_id"]
        verbose_name = _("case of a gap")
        verbose_name_plural = _("cases of gaps")

    def __str__(self) -> str:
        return f"{self.gap_id}: {self.incident_id}"
