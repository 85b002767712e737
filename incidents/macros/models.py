"""What engineers do again and again: texts and steps kept under a name, and lists to tick off."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import Area


class Macro(models.Model):
    """A text with placeholders, and changes that go with it. Without an owner it is everybody's, or an area's."""

    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="macros",
        verbose_name=_("owner"),
        help_text=_("Empty: everybody's."),
    )
    area = models.ForeignKey(
        Area,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
        help_text=_("Empty: every area."),
    )
    body = models.TextField(
        _("text"), max_length=10_000, blank=True, help_text=_("May hold {numero}, {titulo}, {area}, {reporta}, {yo}.")
    )
    is_internal = models.BooleanField(_("internal"), default=False)
    set_priority = models.CharField(
        _("priority"), max_length=2, blank=True, choices=[(code, code) for code in ("P1", "P2", "P3", "P4")]
    )
    assign_to_me = models.BooleanField(_("assign it to who applies it"), default=False)
    wait_reason = models.CharField(_("put on hold, waiting for"), max_length=200, blank=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="macro_name", nulls_distinct=False),
            models.CheckConstraint(
                condition=~Q(body="") | ~Q(set_priority="") | Q(assign_to_me=True) | ~Q(wait_reason=""),
                name="macro_does_something",
                violation_error_message=_("A macro says or changes something."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ChecklistTemplate(models.Model):
    """Steps to tick off, one a line, offered in the incidents of an area or of all."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    area = models.ForeignKey(
        Area,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
        help_text=_("Empty: every area."),
    )
    steps = models.TextField(_("steps"), max_length=5000, help_text=_("One a line."))

    class Meta:
        ordering = ["name"]
        verbose_name = _("checklist template")
        verbose_name_plural = _("checklist templates")

    def __str__(self) -> str:
        return self.name


class ChecklistItem(models.Model):
    """One step of an incident's checklist: open, or done by somebody at a moment."""

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="checklist")
    text = models.CharField(_("step"), max_length=200)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        constraints = [
            models.UniqueConstraint(fields=["incident", "text"], name="checklist_item_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False), name="checklist_item_done_when"
            ),
        ]

    def __str__(self) -> str:
        return self.text
