"""Manuals: documents of others as a source. Each part (a page, or what a heading covers) is an article of its own, so
that rights, versions, search and citations are those of articles."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import Area


class Manual(models.Model):
    """A document with editions. Deleted ones keep their row: answers have cited their parts."""

    slug = models.SlugField(_("slug"), max_length=90, unique=True)
    name = models.CharField(_("name"), max_length=100)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=[("todos", _("Everybody")), ("area", _("People of the area")), ("soporte", _("Support of the area"))],
        default="area",
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("manual")
        verbose_name_plural = _("manuals")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("manual_detail", args=[self.slug])


class ManualEdition(models.Model):
    """One file of a manual. The newest one that was read is in use."""

    class State(models.TextChoices):
        WAITING = "pendiente", _("Being read")
        HELD = "retenida", _("Held")
        IN_USE = "en_uso", _("In use")
        REPLACED = "reemplazada", _("Replaced")
        FAILED = "fallida", _("Couldn't be read")
        REMOVED = "borrada", _("Deleted")

    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="editions", verbose_name=_("manual"))
    number = models.PositiveSmallIntegerField(_("edition"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.WAITING)
    fault = models.CharField(_("fault"), max_length=20, blank=True)
    file = models.FileField(upload_to="manuales/%Y/%m", max_length=200)
    name = models.CharField(_("file"), max_length=150)
    kind = models.CharField(_("type"), max_length=4)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64, db_index=True)
    pages = models.PositiveSmallIntegerField(_("pages"), default=0)
    parts = models.PositiveSmallIntegerField(_("parts"), default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        ordering = ["manual_id", "-number"]
        verbose_name = _("edition of a manual")
        verbose_name_plural = _("editions of manuals")
        constraints = [
            models.UniqueConstraint(fields=["manual", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["manual"], condition=Q(state="en_uso"), name="edition_one_in_use"),
            models.UniqueConstraint(fields=["manual"], condition=Q(state="pendiente"), name="edition_one_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.manual_id} ({self.number})"

    @property
    def origin(self) -> str:
        """What a version made from it says about where it was learned."""
        return f"manual:{self.pk}"


class ManualPart(models.Model):
    """The article that holds a part of a manual, and where in the document it stands."""

    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="manual_parts", verbose_name=_("manual"))
    article = models.OneToOneField(
        "knowledge.Article", on_delete=models.PROTECT, related_name="manual_part", verbose_name=_("article")
    )
    anchor = models.CharField(_("anchor"), max_length=80)
    label = models.CharField(_("place"), max_length=250, blank=True)
    page = models.PositiveSmallIntegerField(_("page"), null=True, blank=True)
    ordinal = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        ordering = ["manual_id", "ordinal", "id"]
        verbose_name = _("part of a manual")
        verbose_name_plural = _("parts of manuals")
        constraints = [models.UniqueConstraint(fields=["manual", "anchor"], name="part_anchor_once")]

    def __str__(self) -> str:
        return f"{self.manual_id} {self.anchor}"
