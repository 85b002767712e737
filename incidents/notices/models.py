"""What people are told about incidents, and how they want to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    ASSIGNED = "asignada", _("It is assigned to me")
    COMMENT = "comentario", _("Somebody comments on it")
    MENTION = "mencion", _("Somebody mentions me")
    ESCALATED = "escalada", _("It is escalated to my level")
    AT_RISK = "sla_en_riesgo", _("Its target is at risk")
    BREACHED = "sla_vencido", _("Its target was missed")
    RESOLVED = "resuelta", _("It is resolved")
    EMERGENCY = "emergencia", _("Danger to people")


class Channel(models.TextChoices):
    BOTH = "ambos", _("Here and by mail")
    APP = "app", _("Here")
    MAIL = "correo", _("By mail")
    NONE = "ninguno", _("Not at all")


class Rhythm(models.TextChoices):
    AT_ONCE = "inmediato", _("One mail for each, at once")
    DAILY = "diario", _("One mail a day with all of them")


DEFAULT_CHANNELS = {
    NoticeKind.ASSIGNED: Channel.BOTH,
    NoticeKind.COMMENT: Channel.BOTH,
    NoticeKind.MENTION: Channel.BOTH,
    NoticeKind.ESCALATED: Channel.APP,
    NoticeKind.AT_RISK: Channel.APP,
    NoticeKind.BREACHED: Channel.BOTH,
    NoticeKind.RESOLVED: Channel.BOTH,
    NoticeKind.EMERGENCY: Channel.BOTH,
}


class Notification(models.Model):
    """One thing that one person is told: in the application, by mail, or both. Its text is made when it is shown."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind.choices)
    cause = models.BigIntegerField(_("cause"), help_text=_("The audit entry that it tells of."))
    actor_label = models.CharField(_("who"), max_length=150, blank=True)
    comment = models.ForeignKey("incidents.Comment", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    level = models.CharField(_("level"), max_length=2, blank=True)
    in_app = models.BooleanField(_("in the application"), default=True)
    by_mail = models.BooleanField(_("by mail"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["cause"], name="notification_cause"),
            models.Index(fields=["user", "-id"], name="notification_of", condition=Q(in_app=True)),
            models.Index(fields=["user"], name="notification_unread", condition=Q(in_app=True, read_at=None)),
            models.Index(fields=["user"], name="notification_unmailed", condition=Q(by_mail=True, mailed_at=None)),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "kind", "cause"], name="notification_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.incident_id}"


class NoticePreferences(models.Model):
    """How one person wants to be told. What isn't named in `channels` follows the defaults."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notice_preferences"
    )
    channels = models.JSONField(_("channels"), default=dict, help_text=_("Kind -> channel."))
    rhythm = models.CharField(_("mail"), max_length=10, choices=Rhythm.choices, default=Rhythm.AT_ONCE)

    class Meta:
        ordering = ["user_id"]
        verbose_name = _("notification preferences")
        verbose_name_plural = _("notification preferences")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.rhythm}"

    def channel(self, kind: str) -> str:
        if kind == NoticeKind.EMERGENCY:  # nobody switches this one off
            return Channel.BOTH
        return str(self.channels.get(kind) or DEFAULT_CHANNELS[NoticeKind(kind)])
