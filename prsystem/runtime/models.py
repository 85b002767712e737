"""What administrators set while the system runs, and every change of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredSetting(models.Model):
    """A setting that isn't at its default."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    value = models.JSONField(_("value"))
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["key"]
        verbose_name = _("setting changed from its default")
        verbose_name_plural = _("settings changed from their default")

    def __str__(self) -> str:
        return self.key


class SettingChange(models.Model):
    """One change of a setting: who, when, from what to what. A null value stands for the default."""

    key = models.CharField(_("key"), max_length=80)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    actor = models.CharField(_("who"), max_length=150)
    user_id = models.BigIntegerField(_("user"), null=True)
    changed_at = models.DateTimeField(_("changed"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("change of a setting")
        verbose_name_plural = _("changes of settings")
        indexes = [models.Index(fields=["key", "id"], name="setting_change_key")]

    def __str__(self) -> str:
        return f"{self.key} #{self.pk}"
