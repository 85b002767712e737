"""What a person proves a second time with."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Authenticator(models.Model):
    """An app that shows codes, or a security key. Counts once it is confirmed."""

    class Kind(models.TextChoices):
        TOTP = "totp", _("App with codes")
        WEBAUTHN = "webauthn", _("Security key")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="authenticators", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=60)
    sealed_secret = models.BinaryField(default=b"", help_text=_("Sealed with a key derived from SECRET_KEY."))
    last_step = models.BigIntegerField(default=-1, help_text=_("A code of this step or an earlier one is used up."))
    credential_id = models.BinaryField(null=True, unique=True, max_length=1023)
    public_key = models.BinaryField(default=b"")
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        ordering = ["user_id", "id"]
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(kind="totp", confirmed_at=None), name="one_unconfirmed_app"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.name}"


class RecoveryCode(models.Model):
    """A code for whoever has lost the rest; works once, kept as a keyed digest."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes", verbose_name=_("user")
    )
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        ordering = ["user_id", "id"]
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.pk}"
