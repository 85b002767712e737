"""What a shift leaves to the next one, and the mails of the figures that people ask for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import Area


class ShiftNote(models.Model):
    """What the leaving shift of an area tells the next one, in its own words. Never changed."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+", verbose_name=_("area"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )
    author_label = models.CharField(max_length=150)
    body = models.TextField(_("note"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("shift note")
        verbose_name_plural = _("shift notes")
        indexes = [models.Index(fields=["area", "-created_at"], name="shift_note_area")]

    def __str__(self) -> str:
        return f"{self.area_id} #{self.pk}"


class BoardMail(models.Model):
    """A mail of the figures or of a hand-over that somebody wants again and again."""

    class What(models.TextChoices):
        BOARD = "tablero", _("The board")
        SHIFT = "turno", _("The shift hand-over")

    class Rhythm(models.TextChoices):
        DAILY = "diario", _("Every day")
        WEEKLY = "semanal", _("Every Monday")
        EACH_SHIFT = "cada_turno", _("At every change of shift")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="board_mails", verbose_name=_("person")
    )
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    area = models.ForeignKey(
        Area,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
        help_text=_("Empty: all that the person reads."),
    )
    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm.choices)
    done_until = models.DateTimeField(_("done until"), help_text=_("Mails that were due until then are sent or gone."))

    class Meta:
        ordering = ["user_id", "id"]
        verbose_name = _("scheduled mail")
        verbose_name_plural = _("scheduled mails")
        constraints = [
            models.UniqueConstraint(fields=["user", "what", "area"], name="board_mail_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(area__isnull=False) | Q(what="tablero") & ~Q(rhythm="cada_turno"),
                name="board_mail_shift_has_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.what} {self.rhythm}"
