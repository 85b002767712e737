"""What happens by the clock: rules of escalation, and the marks of what was told and done once."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.case.choices import LEVELS, PRIORITIES, Timer
from prsystem.accounts.models import Area


class EscalationRule(models.Model):
    """When a share of a target is used up, the incident goes to a higher level, to a person, or people are told."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    position = models.PositiveIntegerField(_("position"), default=100, help_text=_("Lower ones are applied first."))
    is_enabled = models.BooleanField(_("enabled"), default=True)
    timer = models.CharField(_("target"), max_length=10, choices=Timer.choices, default=Timer.RESPONSE)
    at_percent = models.PositiveSmallIntegerField(
        _("at"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_("Percent of the target's time: 75 is at risk, 100 a breach, 150 half as long again."),
    )
    if_area = models.ForeignKey(
        Area, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("if the area is")
    )
    if_priority = models.CharField(_("if the priority is"), max_length=2, choices=PRIORITIES, blank=True)
    if_level = models.CharField(_("if the level is"), max_length=2, choices=LEVELS, blank=True)
    to_level = models.CharField(
        _("escalate to"),
        max_length=2,
        choices=LEVELS,
        blank=True,
        help_text=_("Only upwards. The incident goes to the queue of that level, with a response target of its own."),
    )
    assign_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assign to"),
        help_text=_("Somebody of the support of the area; otherwise it isn't assigned."),
    )
    notify_assignee = models.BooleanField(_("tell the assignee"), default=False)
    notify_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tell"),
    )
    notify_level = models.CharField(
        _("tell the support of level"), max_length=2, choices=LEVELS, blank=True, help_text=_("Of the incident's area.")
    )

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("escalation rule")
        verbose_name_plural = _("escalation rules")
        constraints = [
            models.CheckConstraint(condition=Q(at_percent__range=(1, 1000)), name="escalation_percent"),
            models.CheckConstraint(
                condition=Q(to_level="") | Q(if_level="") | Q(to_level__gt=models.F("if_level")),
                name="escalation_upwards",
                violation_error_message=_("An incident is only escalated to a higher level."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not (self.to_level or self.assign_to_id or self.notify_assignee or self.notify_user_id or self.notify_level):
            raise ValidationError(_("Say what happens: a level, somebody to assign to, or somebody to tell."))
