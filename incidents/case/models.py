"""A case and what is said and attached in it. Rules are in services; the constraints here hold whoever writes."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from knowledge.models import Version
from prsystem.accounts.models import Area

from .choices import OPEN_STATES, Grade, Level, Priority, State
from .numbers import incident_number


class Incident(models.Model):
    """Something that doesn't work, from report to closing. Its number is its id: INC-000123."""

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"))
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="incidents", verbose_name=_("area"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NEW)
    level = models.CharField(_("level"), max_length=2, choices=Level.choices, default=Level.L1)
    impact = models.PositiveSmallIntegerField(_("impact"), choices=Grade.choices, default=Grade.MEDIUM)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Grade.choices, default=Grade.MEDIUM)
    priority = models.CharField(_("priority"), max_length=2, choices=Priority.choices, default=Priority.P3)
    lang = models.CharField(_("language"), max_length=2, default="es")
    source = models.CharField(_("source"), max_length=40, default="web")
    external_reference = models.CharField(_("external reference"), max_length=120, blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reported_incidents",
        verbose_name=_("reporter"),
    )
    reporter_label = models.CharField(_("reported by"), max_length=150)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_incidents",
        verbose_name=_("assignee"),
    )
    automatic = models.JSONField(
        _("set automatically"), default=dict, blank=True, help_text=_("Field -> value, confidence and reason.")
    )
    solution = models.TextField(_("solution"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    learned_version = models.ForeignKey(
        Version, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("knowledge version")
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    waiting_reason = models.CharField(_("waiting for"), max_length=200, blank=True)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(_("paused seconds"), default=0)
    level_since = models.DateTimeField(_("in this level since"))
    response_warn_at = models.DateTimeField(_("response at risk"), null=True, blank=True)
    response_due_at = models.DateTimeField(_("response due"), null=True, blank=True)
    resolution_warn_at = models.DateTimeField(_("resolution at risk"), null=True, blank=True)
    resolution_due_at = models.DateTimeField(_("resolution due"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))
    first_response_at = models.DateTimeField(_("first response"), null=True, blank=True)
    responded_at = models.DateTimeField(_("response in this level"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    occurrences = models.PositiveIntegerField(
        _("occurrences"), default=1, db_default=1, help_text=_("Equal events that a system sent, this one included.")
    )
    quiet_until = models.DateTimeField(
        _("silent until"), null=True, blank=True, help_text=_("Reported within a maintenance window that ends then.")
    )
    is_emergency = models.BooleanField(
        _("danger to people"), default=False, db_default=False, help_text=_("No procedure is proposed while it is.")
    )
    emergency_reason = models.CharField(
        _("what tells the danger"), max_length=200, blank=True, default="", db_default=""
    )
    version = models.PositiveIntegerField(_("edit counter"), default=1)
    search = models.GeneratedField(
        expression=Func(F("title"), F("description"), function="prs_search_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        indexes = [
            GinIndex(fields=["search"], name="incident_search"),
            models.Index(fields=["area", "-id"], name="incident_area"),
            models.Index(fields=["reporter", "-id"], name="incident_reporter"),
            models.Index(
                fields=["level", "priority", "id"],
                name="incident_open",
                condition=Q(state__in=["nuevo", "en_progreso", "en_espera"]),
            ),
            models.Index(
                fields=["assignee", "priority", "id"],
                name="incident_open_assignee",
                condition=Q(state__in=["nuevo", "en_progreso", "en_espera"]),
            ),
            models.Index(fields=["state", "-id"], name="incident_state"),
            models.Index(fields=["priority", "id"], name="incident_priority"),
            models.Index(fields=["resolution_due_at", "id"], name="incident_due"),
            models.Index(
                fields=["area", "created_at"],
                include=[
                    *("id", "priority", "reporter", "first_response_at"),
                    *("resolved_at", "closed_at", "resolution_due_at"),
                ],
                name="incident_board",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_reference"],
                condition=~Q(external_reference=""),
                name="incident_external_reference",
            ),
            models.CheckConstraint(
                condition=~Q(state="en_progreso") | Q(assignee__isnull=False), name="incident_progress_has_assignee"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("incident_detail", args=[self.number])

    @property
    def number(self) -> str:
        return incident_number(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def resource(self) -> str:
        """Its name in the audit trail and the outbox."""
        return f"incidencia:{self.pk}"


class Comment(models.Model):
    """Something said about an incident: to everybody concerned, or among support."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_label = models.CharField(max_length=150)
    body = models.TextField(_("comment"))
    is_internal = models.BooleanField(_("internal"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return f"{self.incident_id} #{self.pk}"


class Attachment(models.Model):
    """A file of an incident. The stored name is random; the shown name is only text."""

    class Scan(models.TextChoices):
        """What the antivirus says; nothing where there is none."""

        NONE = "", _("Not scanned")
        HELD = "retenido", _("Held for the antivirus")
        CLEAN = "limpio", _("Clean")
        INFECTED = "infectado", _("Infected")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to="adjuntos/%Y/%m", max_length=200)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    is_internal = models.BooleanField(_("internal"), default=False)
    scan = models.CharField(_("antivirus"), max_length=10, choices=Scan.choices, default=Scan.NONE, blank=True)
    scanned_at = models.DateTimeField(_("scanned"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name
