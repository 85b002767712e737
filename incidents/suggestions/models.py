"""What is proposed for a case, what it cites, and what people thought of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models import Article, Passage, Version


class Suggestion(models.Model):
    """A proposed solution for an incident: on which rung it was made, by which node, from which passages."""

    class State(models.TextChoices):
        PENDING = "pendiente", _("Pending")
        RUNNING = "en_curso", _("Being written")
        READY = "lista", _("Ready")
        NO_ANSWER = "sin_respuesta", _("No answer")
        FAILED = "fallida", _("Failed")

    class Rung(models.TextChoices):
        MODEL = "modelo", _("Written by the model")
        EXTRACTIVE = "extractiva", _("Passages of knowledge")
        SIMILAR = "similares", _("Similar cases only")
        QUEUE = "cola", _("For a person")

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="suggestions")
    state = models.CharField(max_length=14, choices=State.choices, default=State.PENDING)
    rung = models.CharField(max_length=10, choices=Rung.choices, blank=True)
    text = models.TextField(blank=True)
    confidence = models.FloatField(null=True, blank=True)
    model = models.CharField(max_length=80, blank=True)
    node = models.CharField(max_length=80, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    record = models.JSONField(default=dict, blank=True, help_text=_("Prompt version, options, passages with scores."))
    for_support = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Made of knowledge that the reporter can't read, beside the reporter's own."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        indexes = [models.Index(fields=["incident", "-id"], name="suggestion_latest")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.state}"

    @property
    def is_finished(self) -> bool:
        return self.state not in (self.State.PENDING, self.State.RUNNING)


class Citation(models.Model):
    """A numbered source of a suggestion: the version and the very words."""

    suggestion = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="citations")
    number = models.PositiveSmallIntegerField()
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="citations")
    kind = models.CharField(max_length=10, choices=Passage.Kind.choices)
    fragment = models.TextField()
    score = models.FloatField(default=0)

    class Meta:
        ordering = ["suggestion_id", "number"]
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [models.UniqueConstraint(fields=["suggestion", "number"], name="citation_number_once")]

    def __str__(self) -> str:
        return f"[{self.number}]"


class SuggestionRating(models.Model):
    """What one person thought of a suggestion, or of one of its sources."""

    suggestion = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="ratings")
    citation = models.ForeignKey(Citation, on_delete=models.CASCADE, null=True, blank=True, related_name="ratings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    was_helpful = models.BooleanField()
    comment = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("suggestion rating")
        verbose_name_plural = _("suggestion ratings")
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "citation", "user"], name="rating_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.suggestion_id} {self.was_helpful}"


class HiddenSource(models.Model):
    """An article that isn't shown in proposals for one case, until somebody shows it again."""

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="hidden_sources")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hidden by"),
    )
    created_at = models.DateTimeField(_("hidden"), auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("hidden source")
        verbose_name_plural = _("hidden sources")
        constraints = [models.UniqueConstraint(fields=["incident", "article"], name="hidden_source_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.article_id}"
