"""Keys of other systems."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import Area


class Scope(models.TextChoices):
    REPORT = "incidencias:write", _("Report incidents")
    READ = "incidencias:read", _("Read incidents of its areas")
    KNOWLEDGE = "conocimiento:read", _("Search knowledge")
    HEALTH = "health:read", _("Read the detailed health report")
    MCP = "mcp", _("Use the MCP server")


class ApiKey(models.Model):
    """What another system calls the API with. Of the key itself only keyed digests are kept.

    While it is rotated two secrets are valid: `digest`, and `old_digest` until `old_until`.
    """

    prefix = models.CharField(_("prefix"), max_length=8, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, editable=False)
    pepper = models.PositiveSmallIntegerField(editable=False, help_text=_("Number of the pepper of the digest."))
    old_digest = models.CharField(max_length=64, blank=True, editable=False)
    old_pepper = models.PositiveSmallIntegerField(default=0, editable=False)
    old_until = models.DateTimeField(_("old secret valid until"), null=True, blank=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("scopes"))
    areas = models.ManyToManyField(Area, blank=True, related_name="api_keys", verbose_name=_("areas"))
    networks = ArrayField(
        models.CharField(max_length=43),
        default=list,
        blank=True,
        verbose_name=_("allowed networks"),
        help_text=_("Addresses or CIDR networks, separated by commas. Empty: from anywhere."),
    )
    rate_per_minute = models.PositiveIntegerField(_("requests per minute"), default=600)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="api_keys",
        verbose_name=_("owner"),
        help_text=_("The key is refused while this person is inactive."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(condition=models.Q(rate_per_minute__gte=1), name="api_key_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} · {self.name}"

    @property
    def resource(self) -> str:
        """Its name in the audit trail."""
        return f"clave_api:{self.pk}"

    @property
    def is_live(self) -> bool:
        """Neither revoked nor expired, and its owner is still active."""
        owner_left = self.owner is not None and not self.owner.is_active
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.revoked_at is None and not expired and not owner_left
