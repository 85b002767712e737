"""Mails on their way out and in. A row is written before anything is sent, and before a mail is marked as read."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """One mail to one person. Without a mail server it is kept here, to be read in the console."""

    class State(models.TextChoices):
        HELD = "retenido", _("Kept: there is no mail server")
        PENDING = "pendiente", _("To be sent")
        SENT = "enviado", _("Sent")
        FAILED = "fallido", _("Refused")

    key = models.CharField(max_length=80, unique=True, help_text=_("One mail for each, however often it is asked for."))
    message_id = models.CharField(max_length=250, unique=True)
    recipient = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField()
    reply_to = models.CharField(max_length=250, blank=True)
    thread = models.CharField(max_length=250, blank=True, help_text=_("The Message-ID that it answers."))
    resource = models.CharField(max_length=140, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        indexes = [models.Index(fields=["created_at"], name="outgoing_mail_age")]

    def __str__(self) -> str:
        return f"{self.recipient} #{self.pk}"


class InboundMail(models.Model):
    """One mail that came in, once by its Message-ID. Its bytes are kept until it is dealt with."""

    class State(models.TextChoices):
        RECEIVED = "recibido", _("Received")
        DONE = "procesado", _("Dealt with")
        IGNORED = "ignorado", _("Ignored")
        REFUSED = "rechazado", _("Refused")

    message_id = models.CharField(max_length=250, unique=True)
    sender = models.CharField(_("from"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    raw = models.BinaryField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    resource = models.CharField(max_length=140, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("inbound mail")
        verbose_name_plural = _("inbound mails")
        indexes = [models.Index(fields=["sender", "received_at"], name="inbound_mail_sender")]
        constraints = [
            models.CheckConstraint(condition=Q(state="recibido") | Q(raw=None), name="inbound_mail_bytes_dropped")
        ]

    def __str__(self) -> str:
        return f"{self.sender} #{self.pk}"
