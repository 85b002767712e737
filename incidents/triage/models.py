"""What triage knows: administrators' rules, models learned from the site's own cases, and people's corrections."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.case.choices import LEVELS, PRIORITIES
from prsystem.accounts.models import Area


class TriageTarget(models.TextChoices):
    """What is guessed of a report; the values are the contract's field names."""

    AREA = "area", _("Area")
    LEVEL = "nivel", _("Level")
    PRIORITY = "prioridad", _("Priority")


class TriageRule(models.Model):
    """An administrator's rule: conditions that must all hold, and what follows. The first that matches decides, when a
    report comes in."""

    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveIntegerField(_("position"), default=100, help_text=_("Lower ones are tried first."))
    is_enabled = models.BooleanField(_("enabled"), default=True)
    if_area = models.ForeignKey(
        Area, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("if the area is")
    )
    if_source = models.CharField(_("if the source is"), max_length=40, blank=True)
    if_words = models.TextField(
        _("if the text has one of"),
        blank=True,
        help_text=_("One word or phrase per line; case and accents don't matter; * stands for the rest of a word."),
    )
    if_reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("if the reporter is"),
    )
    if_priority = models.CharField(
        _("if the priority is"),
        max_length=2,
        choices=PRIORITIES,
        blank=True,
        help_text=_("The one that was reported; P3 where none was."),
    )
    set_priority = models.CharField(_("priority"), max_length=2, choices=PRIORITIES, blank=True)
    set_level = models.CharField(_("level"), max_length=2, choices=LEVELS, blank=True)
    set_area = models.ForeignKey(
        Area, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("propose the area")
    )
    set_assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assign to"),
        help_text=_("Only somebody who supports the area of the report."),
    )

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("triage rule")
        verbose_name_plural = _("triage rules")
        constraints = [
            models.CheckConstraint(
                condition=~Q(set_priority="", set_level="", set_area=None, set_assignee=None),
                name="triage_rule_does_something",
            ),
            models.CheckConstraint(
                condition=~Q(if_area=None, if_source="", if_words="", if_reporter=None, if_priority=""),
                name="triage_rule_has_a_condition",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TriageModel(models.Model):
    """A model learned from the site's closed cases, with the macro-F1 that was measured on a part it didn't see."""

    target = models.CharField(_("what it tells"), max_length=10, choices=TriageTarget.choices)
    version = models.PositiveIntegerField(_("version"))
    method = models.CharField(_("method"), max_length=10)
    macro_f1 = models.FloatField("macro-F1")
    accuracy = models.FloatField(_("accuracy"))
    examples = models.PositiveIntegerField(_("cases"))
    corrections = models.PositiveIntegerField(_("corrections among them"), default=0)
    labels = models.JSONField(_("cases by label"), default=dict)
    file = models.FileField(_("file"), upload_to="triaje/", max_length=200)
    sha256 = models.CharField(max_length=64)
    is_active = models.BooleanField(_("in use"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("triage model")
        verbose_name_plural = _("triage models")
        constraints = [
            models.UniqueConstraint(fields=["target", "version"], name="triage_model_version_once"),
            models.UniqueConstraint(fields=["target"], condition=Q(is_active=True), name="triage_model_one_active"),
        ]

    def __str__(self) -> str:
        return f"{self.target} v{self.version}"


class TriageCorrection(models.Model):
    """A person chose another value than the automatic one: weighs more than other cases when the model is learned."""

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="triage_corrections")
    target = models.CharField(_("what was corrected"), max_length=10, choices=TriageTarget.choices)
    proposed = models.CharField(_("automatic value"), max_length=40)
    chosen = models.CharField(_("person's value"), max_length=40)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=20, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("triage correction")
        verbose_name_plural = _("triage corrections")

    def __str__(self) -> str:
        return f"{self.target}: {self.proposed} -> {self.chosen}"
