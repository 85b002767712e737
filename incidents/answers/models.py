"""What a resolution made of a proposal, and the sources that aren't shown at a case."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models import Version


class ProposalOutcome(models.Model):
    """What one resolution made of the proposal that lay before it. `added` holds the sentences of the solution that
    are of no source."""

    class Result(models.TextChoices):
        ACCEPTED = "aceptada", _("Accepted as it was")
        EDITED = "editada", _("Accepted with changes")
        REJECTED = "rechazada", _("Solved otherwise")

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="outcomes")
    suggestion = models.ForeignKey("incidents.Suggestion", on_delete=models.CASCADE, related_name="outcomes")
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    added = models.JSONField(_("added"), default=list)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    created_at = models.DateTimeField(_("resolved"), auto_now_add=True)
    reopened_at = models.DateTimeField(_("reopened"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("outcome of a proposal")
        verbose_name_plural = _("outcomes of proposals")
        indexes = [
            models.Index(fields=["suggestion", "-id"], name="outcome_latest"),
            models.Index(fields=["created_at"], name="outcome_month"),
        ]

    def __str__(self) -> str:
        return f"{self.suggestion_id} {self.result}"


class SourceOutcome(models.Model):
    """What became of the sentences that a proposal took from one version: kept, `changed` (before, after), deleted."""

    outcome = models.ForeignKey(
        ProposalOutcome, on_delete=models.CASCADE, related_name="sources", verbose_name=_("outcome")
    )
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="outcomes")
    kept = models.JSONField(_("kept"), default=list)
    changed = models.JSONField(_("changed"), default=list)
    deleted = models.JSONField(_("deleted"), default=list)

    class Meta:
        ordering = ["outcome_id", "id"]
        verbose_name = _("outcome of a source")
        verbose_name_plural = _("outcomes of sources")
        constraints = [models.UniqueConstraint(fields=["outcome", "version"], name="source_outcome_once")]

    def __str__(self) -> str:
        return f"{self.outcome_id} {self.version_id}"

    @property
    def was_used(self) -> bool:
        """All of it was accepted, or at least half of its sentences are in the solution."""
        left = len(self.kept) + len(self.changed)
        return self.outcome.result == ProposalOutcome.Result.ACCEPTED or (left > 0 and left >= len(self.deleted))
