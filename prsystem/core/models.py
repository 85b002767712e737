"""Work for later, facts for others, and first answers of repeated writes: rows in the change's own transaction."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of work for later. The row is the truth; the message through Redis only rings a bell."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        DONE = "done", _("Done")
        PARKED = "parked", _("Parked")

    class Lane(models.IntegerChoices):
        """What is begun first, from top to bottom. `queue` is what was asked for; what has failed goes to the end."""

        URGENT = 0, _("Urgent")
        PEOPLE = 1, _("New work of people")
        BACKLOG = 2, _("Backlog")
        AGAIN = 3, _("Tried again")

    kind = models.CharField(max_length=60)
    queue = models.CharField(max_length=20, default="normal")
    lane = models.PositiveSmallIntegerField(choices=Lane.choices, db_default=Lane.PEOPLE)
    flow = models.CharField(
        max_length=120, blank=True, db_default="", help_text=_("Whose work it is: flows of a lane take turns.")
    )
    subject = models.CharField(
        max_length=120, blank=True, db_default="", help_text=_("What it is about: one job in hand for each.")
    )
    payload = models.JSONField(default=dict)
    dedup_key = models.CharField(max_length=120, blank=True, help_text=_("At most one job per key that hasn't begun."))
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_at = models.DateTimeField(help_text=_("Not before this moment."))
    leased_until = models.DateTimeField(null=True, blank=True, help_text=_("A worker holds it until then."))
    worker = models.CharField(
        max_length=100, blank=True, db_default="", help_text=_("Who began it last: host and process.")
    )
    rung_at = models.DateTimeField(null=True, blank=True, help_text=_("When the sweep last told the workers."))
    last_error = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    trace_parent = models.CharField(max_length=55, blank=True, db_default="", help_text=_("The trace it belongs to."))
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(fields=["run_at"], name="job_due", condition=Q(state="pending")),
            models.Index(fields=["id"], name="job_parked", condition=Q(state="parked")),
            models.Index(fields=["lane", "flow", "run_at", "id"], name="job_in_turn", condition=Q(state="pending")),
            models.Index(
                fields=["subject"], name="job_in_hand", condition=Q(state="pending", leased_until__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dedup_key"],
                name="job_one_pending_per_key",
                condition=Q(state="pending", attempts=0) & ~Q(dedup_key=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class OutboxEvent(models.Model):
    """A fact that happened, told to other systems by the relay. Written beside the change, never edited."""

    event = models.CharField(max_length=60)
    resource = models.CharField(max_length=140)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    relayed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("outbox event")
        verbose_name_plural = _("outbox events")
        indexes = [models.Index(fields=["id"], name="outbox_unrelayed", condition=Q(relayed_at=None))]

    def __str__(self) -> str:
        return f"{self.event} {self.resource}"


class IdempotencyRecord(models.Model):
    """The first answer to a write, given again when the same caller repeats the same key."""

    scope = models.CharField(max_length=80, help_text=_("Who sent it: user:<id> or api_key:<prefix>."))
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("repeated write")
        verbose_name_plural = _("repeated writes")
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_scope_key")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class Heartbeat(models.Model):
    """When something that runs by itself was last seen at work."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("last seen"), db_default=Now())

    class Meta:
        ordering = ["name"]
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.name


class Tally(models.Model):
    """How often something has happened, or how much of it: the counters behind metrics that workers add to."""

    name = models.CharField(max_length=60)
    label = models.CharField(max_length=60, blank=True)
    total = models.FloatField(default=0)

    class Meta:
        ordering = ["name", "label"]
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [models.UniqueConstraint(fields=["name", "label"], name="tally_of_label")]

    def __str__(self) -> str:
        return f"{self.name}{{{self.label}}} {self.total:g}"
