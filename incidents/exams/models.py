"""Exams of the assistant on closed cases, and the chat models and prompts that were proposed for it."""

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoring import Totals, verdicts


class ExamRun(models.Model):
    """One exam: what answered, and how well. `results` holds each case by the number of its incident."""

    class State(models.TextChoices):
        DONE = "hecho", _("Done")
        UNABLE = "sin_modelo", _("The model didn't answer")

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DONE)
    chat_model = models.CharField(_("chat model"), max_length=120, blank=True, help_text=_("Empty: passages only."))
    model_digest = models.CharField(_("digest"), max_length=80, blank=True)
    prompt_version = models.CharField(_("version of the prompt"), max_length=40, blank=True)
    embedder = models.CharField(_("embedder"), max_length=200, blank=True)
    cases = models.PositiveIntegerField(_("cases"))
    recall_at_5 = models.FloatField(_("recall@5"))
    groundedness = models.FloatField(_("groundedness"))
    refusal_rate = models.FloatField(_("refusals"))
    results = models.JSONField(default=dict)
    seconds = models.FloatField(_("seconds"))
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("exam")
        verbose_name_plural = _("exams")

    def __str__(self) -> str:
        return f"{self.chat_model or 'extractiva'} {self.score:.3f}"

    @property
    @admin.display(description=_("score"))
    def score(self) -> float:
        return Totals(self.recall_at_5, self.groundedness, self.refusal_rate).score

    @property
    def verdicts(self) -> dict[str, list[str]]:
        """The numbers of its cases: useful, misleading, silent."""
        return verdicts(self.results)


class ChatModelCandidate(models.Model):
    """A chat model or a prompt that may replace the one in use, once its exam isn't worse. The newest promoted one of
    a kind is in use. (An embedder is examined by itself, when its index is made.)"""

    class Kind(models.TextChoices):
        MODEL = "modelo", _("Chat model")
        PROMPT = "prompt", _("Prompt")

    class State(models.TextChoices):
        PROPOSED = "propuesto", _("Proposed")
        EXAMINED = "examinado", _("Examined")
        REFUSED = "rechazado", _("Refused: its exam is worse")
        PROMOTED = "promovido", _("Promoted")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.MODEL, db_default=Kind.MODEL)
    name = models.CharField(
        _("name"), max_length=120, help_text=_("A model as the nodes list it, e.g. qwen3:8b; a prompt by its version.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED, editable=False)
    exam = models.ForeignKey(
        ExamRun, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("exam")
    )
    failing = models.JSONField(_("cases that got worse"), default=list, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("proposed model or prompt")
        verbose_name_plural = _("proposed models and prompts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="propuesto") | models.Q(exam__isnull=False), name="candidate_examined_first"
            )
        ]

    def __str__(self) -> str:
        return self.name
