"""Copies as rows: the history that the console shows. The copies themselves are folders and objects."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BackupRun(models.Model):
    """One copy: asked for, made, verified by restoring it, pushed, removed at last."""

    class Tier(models.TextChoices):
        HOURLY = "hourly", _("Hourly")
        DAILY = "daily", _("Daily")
        WEEKLY = "weekly", _("Weekly")
        MONTHLY = "monthly", _("Monthly")
        MANUAL = "manual", _("By hand")

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        RUNNING = "running", _("Running")
        DONE = "done", _("Verified")
        UNVERIFIED = "unverified", _("Made, not verified")
        INCOMPLETE = "incomplete", _("Verified, not pushed")
        FAILED = "failed", _("Failed")
        REMOVED = "removed", _("Removed")

    copy_id = models.CharField(_("copy"), max_length=60, unique=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    requested_by = models.CharField(_("requested by"), max_length=150)
    created_at = models.DateTimeField(_("requested"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    taken_at = models.DateTimeField(
        _("state of"), null=True, help_text=_("The copy holds what the database held at this moment.")
    )
    finished_at = models.DateTimeField(_("finished"), null=True)
    verified_at = models.DateTimeField(
        _("verified"), null=True, help_text=_("When it was last restored to scratch and found equal.")
    )
    size_bytes = models.BigIntegerField(_("bytes"), default=0)
    rows = models.BigIntegerField(_("rows"), default=0)
    files = models.IntegerField(_("files"), default=0)
    is_encrypted = models.BooleanField(_("encrypted"), default=False)
    has_base = models.BooleanField(
        _("physical copy"), default=False, help_text=_("Allows going back to any second after it.")
    )
    checksums = models.JSONField(_("checksums"), default=dict, help_text=_("SHA-256 of each stored part."))
    path = models.CharField(_("folder"), max_length=500, blank=True)
    stores = models.JSONField(_("stores"), default=dict, help_text=_("Where it was pushed to, and with which result."))
    error = models.TextField(_("error"), blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        indexes = [models.Index(fields=["state", "tier", "taken_at"], name="backup_state_tier")]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="running"), name="backup_one_running")
        ]

    def __str__(self) -> str:
        return self.copy_id

    @property
    def resource(self) -> str:
        return f"respaldo:{self.copy_id}"


class RestorePoint(models.Model):
    """The system went back to a copy: from here on a new epoch. Until it is released, nothing is sent to others."""

    copy_id = models.CharField(_("copy"), max_length=60)
    taken_at = models.DateTimeField(_("copy of"))
    until = models.DateTimeField(_("state of"), help_text=_("The moment that was brought back."))
    restored_at = models.DateTimeField(_("restored"), auto_now_add=True)
    rows = models.BigIntegerField(_("rows"), default=0)
    last_event_id = models.BigIntegerField(
        _("last event of before"), help_text=_("Events up to this one belong to the time before the restore.")
    )
    released_at = models.DateTimeField(_("released"), null=True, help_text=_("Webhooks are held until then."))
    was_resent = models.BooleanField(_("pending events of before were sent"), default=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("restore point")
        verbose_name_plural = _("restore points")

    def __str__(self) -> str:
        return f"{self.copy_id} #{self.pk}"
