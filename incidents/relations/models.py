"""What ties incidents together: links, and merges with what it takes to undo them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Link(models.Model):
    """Two incidents that have to do with each other."""

    class Kind(models.TextChoices):
        RELATED = "relacionada", _("Related")
        DUPLICATE = "duplicada", _("Duplicate")
        PARENT = "padre", _("Parent of")

    source = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="links")
    target = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.RELATED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once"),
            models.UniqueConstraint(fields=["target"], condition=Q(kind="padre"), name="link_one_parent"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


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
