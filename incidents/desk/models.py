"""The desk of an engineer: saved views, and who has an incident open."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import Area
from prsystem.core.rights import Role


class SavedView(models.Model):
    """A list's filters under a name. Private, or shared with a role, an area, or the holders of a role in an area."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    filters = models.JSONField(_("filters"), default=dict, help_text=_("The contract's filters, by name."))
    order = models.CharField(_("order"), max_length=20, default="reciente")
    is_shared = models.BooleanField(_("shared"), default=False)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name"),
            models.CheckConstraint(
                condition=Q(is_shared=False, role="", area=None) | (Q(is_shared=True) & (~Q(role="") | ~Q(area=None))),
                name="saved_view_shared_with_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("saved_view", args=[self.slug])


class Presence(models.Model):
    """Somebody has the page of an incident open, as long as `seen_at` is fresh."""

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("open page")
        verbose_name_plural = _("open pages")
        constraints = [models.UniqueConstraint(fields=["incident", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.user_id}"
