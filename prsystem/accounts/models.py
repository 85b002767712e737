"""People, the areas they belong to and the roles they hold there."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from prsystem.core.context import Actor
from prsystem.core.rights import Rights, Role

from .names import canonical_dn

SAFETY_TEXT = _(
    "Before touching the machine: stop it, cut off every energy (electric, pneumatic, hydraulic, steam, gravity and "
    "springs), put on your own padlock and tag, release what is stored and try to start it to prove that it is dead. "
    "Only who put a padlock on takes it off. If in doubt, stop and ask the person in charge of safety."
)


class Area(models.Model):
    """A part of the plant or company: incidents and knowledge belong to one, rights are given per area."""

    code = models.CharField(
        _("code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9_-]{1,11}$", _("Two to twelve capitals or digits."))],
    )
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)
    is_dangerous = models.BooleanField(
        _("dangerous"),
        default=False,
        db_default=False,
        help_text=_("Every answer of the area is shown below a fixed safety notice (lock-out, tag-out)."),
    )
    safety_text = models.TextField(
        _("safety notice"),
        max_length=1000,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: the one of the system. Only shown in dangerous areas."),
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"

    @property
    def safety_notice(self) -> str:
        """What stands before every answer of a dangerous area, else empty. Taken from here whenever an answer is shown,
        so nothing that a model or a source wrote can change it or leave it out."""
        return (self.safety_text.strip() or str(SAFETY_TEXT)) if self.is_dangerous else ""


class User(AbstractUser):
    """Somebody who signs in. The user name is stored in lower case, so that one person has one account."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    full_name = models.CharField(_("full name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=5, default="es", choices=[("es", "Español"), ("en", "English")]
    )
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    directory_id = models.CharField(
        _("identity in the directory"),
        max_length=100,
        unique=True,
        null=True,
        blank=True,
        editable=False,
        help_text=_("Stays when the person's name changes. Empty: a local account."),
    )
    left_directory_at = models.DateTimeField(
        _("left the directory"), null=True, blank=True, editable=False, help_text=_("Inactive here since then.")
    )
    session_epoch = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Sessions and tokens of an earlier epoch are void.")
    )

    class Meta(AbstractUser.Meta):
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="user_name_lower_case")
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def is_erased(self) -> bool:
        """Whether the account lost what named its owner; the trail forgets after it."""
        return self.username == self.erased_username

    @property
    def erased_username(self) -> str:
        return f"borrado-{self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's digest, of the epoch too: every session and token is void once it or the password changes.

        And once a trial is opened to others: who signed in there did so with a password that everybody knows.
        """
        content = f"{self.session_epoch}|{self.password}" + ("|demo" if settings.DEMO_ALLOWED else "")
        return salted_hmac("accounts.session", content, secret=secret, algorithm="sha256").hexdigest()

    def as_actor(self) -> Actor:
        return Actor(kind="user", label=self.username, user_id=self.pk, rights=self.rights)

    @cached_property
    def rights(self) -> Rights:
        """Roles and areas, read once per instance (one query)."""
        grants = self.grants.values_list("role", "area_id")
        return Rights.from_grants(self.pk, grants, is_superuser=self.is_superuser and self.is_active)


class RoleGrant(models.Model):
    """A role that a person holds in one area, or everywhere when no area is named."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    area = models.ForeignKey(
        Area,
        on_delete=models.CASCADE,
        related_name="grants",
        null=True,
        blank=True,
        verbose_name=_("area"),
        help_text=_("Empty: every area."),
    )
    from_directory = models.BooleanField(
        _("from the directory"), default=False, editable=False, help_text=_("Comes and goes with a group there.")
    )

    class Meta:
        ordering = ["user_id", "role", "area_id"]
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "area"], name="grant_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role} ({self.area_id or '*'})"


class DirectoryGroup(models.Model):
    """A role that the members of a group of the directory hold, also through groups within it."""

    dn = models.CharField(_("distinguished name"), max_length=255, help_text="cn=soporte-l1,ou=grupos,dc=empresa,dc=mx")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    areas = models.ManyToManyField(
        Area, blank=True, related_name="directory_groups", verbose_name=_("areas"), help_text=_("Empty: every area.")
    )

    class Meta:
        ordering = ["dn", "role"]
        verbose_name = _("group of the directory")
        verbose_name_plural = _("groups of the directory")
        constraints = [models.UniqueConstraint(fields=["dn", "role"], name="directory_group_once")]

    def __str__(self) -> str:
        return f"{self.dn}: {self.role}"

    def clean(self) -> None:
        """One spelling of every name, so that it is found again."""
        self.dn = canonical_dn(self.dn)


from prsystem.accounts.mfa.models import Authenticator, RecoveryCode  # noqa: E402, F401  models of this app


class RefreshToken(models.Model):
    """A refresh token, kept as its digest. Used once; every successor belongs to the same family."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="refresh_tokens", verbose_name=_("user"))
    family = models.UUIDField(_("family"), help_text=_("One sign-in and all that was refreshed from it."))
    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the token."))
    stamp = models.CharField(max_length=32, help_text=_("Void once the password has changed."))
    address = models.GenericIPAddressField(_("address"), null=True)
    device = models.CharField(_("device"), max_length=200, blank=True)
    began_at = models.DateTimeField(
        _("signed in"), null=True, help_text=_("Of its family, which ends some days after it however often it is used.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("refresh token")
        verbose_name_plural = _("refresh tokens")
        indexes = [
            models.Index(fields=["family"], name="refresh_family"),
            models.Index(fields=["expires_at"], name="refresh_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.family}"


class BrowserSession(AbstractBaseSession):
    """A session of the pages. Its key is kept as a digest: a copy of the database signs nobody in."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, related_name="browser_sessions", verbose_name=_("user")
    )
    address = models.GenericIPAddressField(_("address"), null=True)
    device = models.CharField(_("device"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), null=True)
    seen_at = models.DateTimeField(_("last seen"), null=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        ordering = ["-seen_at", "session_key"]
        verbose_name = _("session")  # type: ignore[assignment]  # a plain text in the stub of the base
        verbose_name_plural = _("sessions")  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.user_id} {self.session_key[:8]}"


class SetupLink(models.Model):
    """The link with which the first administrator is made, kept as a digest. Works once."""

    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the token."))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("setup link")
        verbose_name_plural = _("setup links")

    def __str__(self) -> str:
        return f"{self.pk}"


class AttemptCount(models.Model):
    """Sign-in attempts in the present minute, for the time that Redis is down."""

    key = models.CharField(max_length=64, primary_key=True, help_text=_("SHA-256 of address and account."))
    attempts = models.PositiveIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.attempts}"
