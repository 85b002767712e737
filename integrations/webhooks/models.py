"""Webhooks as rows: where facts are sent, what is on its way, what was tried, which private addresses are allowed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import events
from .checks import checked_networks, checked_ports, checked_url


class Endpoint(models.Model):
    """A receiver of events. It is switched off and never removed: deliveries and the audit trail refer to it."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        DISABLED = "disabled", _("Disabled")

    class Reason(models.TextChoices):
        NONE = "", "—"
        OPERATOR = "operator", _("Switched off by an administrator")
        GONE = "gone", _("The receiver answered 410 Gone")
        FAILING = "failing", _("It failed for too long")

    class Shape(models.TextChoices):
        STANDARD = "standard", _("Events of PR-System (ERP, MES)")
        SLACK = "slack", _("Slack-compatible chat message")
        TEAMS = "teams", _("Microsoft Teams message")

    name = models.SlugField(_("name"), max_length=60, unique=True)
    url = models.CharField(_("URL"), max_length=1000, validators=[checked_url])
    events = ArrayField(
        models.CharField(max_length=60, choices=events.CHOICES),
        default=list,
        blank=True,
        verbose_name=_("events"),
        help_text=_("None chosen means all."),
    )
    shape = models.CharField(_("format"), max_length=10, choices=Shape.choices, default=Shape.STANDARD)
    template = models.CharField(
        _("chat text"),
        max_length=500,
        blank=True,
        help_text=_("Names such as {numero} are filled in."),
    )
    is_ordered = models.BooleanField(
        _("in order"), default=False, help_text=_("Events of one incident are sent one after the other.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, default=Reason.NONE, blank=True)
    sealed_secret = models.BinaryField(editable=False)
    sealed_previous = models.BinaryField(editable=False, null=True)
    previous_until = models.DateTimeField(
        _("old secret signs until"), null=True, editable=False, help_text=_("Both secrets sign until then.")
    )
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", reason="") | (Q(state="disabled") & ~Q(reason="")),
                name="endpoint_disabled_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event on its way to one endpoint. `message_id` is the `webhook-id` of every attempt, resends included."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        DELIVERED = "delivered", _("Delivered")
        DEAD = "dead", _("Given up")

    event = models.ForeignKey(
        "core.OutboxEvent", on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("event")
    )
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("endpoint")
    )
    message_id = models.CharField("webhook-id", max_length=40)
    resource = models.CharField(_("resource"), max_length=140)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True)
    last_status = models.PositiveSmallIntegerField(_("last status"), null=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [models.UniqueConstraint(fields=["event", "endpoint"], name="delivery_once_per_endpoint")]
        indexes = [
            models.Index(
                fields=["endpoint", "next_attempt_at", "id"], name="delivery_due", condition=Q(state="pending")
            ),
            models.Index(fields=["endpoint", "resource", "id"], name="delivery_order", condition=Q(state="pending")),
            models.Index(fields=["id"], name="delivery_dead", condition=Q(state="dead")),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def waits_for_its_turn(self) -> bool:
        """No attempt was made yet, and one will be as long as the endpoint is on."""
        is_due = self.state == self.State.PENDING and not self.attempts
        return is_due and self.endpoint.state == Endpoint.State.ACTIVE


class DeadLetter(Delivery):
    """A delivery that was given up after its last attempt; it can be sent again."""

    class Meta:
        proxy = True
        verbose_name = _("undelivered webhook")
        verbose_name_plural = _("undelivered webhooks")


class Attempt(models.Model):
    """One request made for a delivery, with what came of it. Written once."""

    class Result(models.TextChoices):
        DELIVERED = "delivered", _("Delivered")
        REFUSED = "refused", _("Refused by the receiver")
        UNREACHABLE = "unreachable", _("No complete answer")
        BLOCKED = "blocked", _("Address not allowed")

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log", verbose_name=_("delivery"))
    number = models.PositiveSmallIntegerField(_("number"))
    result = models.CharField(_("result"), max_length=12, choices=Result.choices)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    duration_ms = models.PositiveIntegerField(_("duration, ms"))
    answer = models.CharField(
        _("answer"), max_length=200, blank=True, db_default="", help_text=_("How the receiver's answer begins.")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")

    def __str__(self) -> str:
        return f"{self.number}: {self.result} {self.status or self.error}"


class DeliveryCount(models.Model):
    """Attempts so far per endpoint and result: the counter behind `pr_webhook_deliveries_total`."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="counts")
    result = models.CharField(max_length=12)
    total = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["endpoint", "result"], name="delivery_count_of_result")]

    def __str__(self) -> str:
        return f"{self.result}: {self.total}"


class AllowedTarget(models.Model):
    """A private address that webhooks may reach: this host name, as long as it resolves into these networks."""

    host = models.CharField(_("host"), max_length=253, help_text=_("Name or address, as in the URL."))
    networks = models.CharField(
        _("networks"), max_length=500, validators=[checked_networks], help_text=_("CIDR networks separated by commas.")
    )
    ports = models.CharField(
        _("ports"), max_length=100, blank=True, validators=[checked_ports], help_text=_("Empty: the usual ones.")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["host", "id"]
        verbose_name = _("allowed private target")
        verbose_name_plural = _("allowed private targets")

    def __str__(self) -> str:
        return f"{self.host} {self.networks}"
