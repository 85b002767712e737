"""The first administrator: a link, printed on the console, that works once and for an hour, while there is none."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from audit.services import record
from prsystem.accounts.models import RoleGrant, SetupLink, User
from prsystem.accounts.names import canonical_username
from prsystem.accounts.selectors import has_administrator
from prsystem.core.context import ANONYMOUS, SYSTEM
from prsystem.core.errors import InvalidInput, Missing
from prsystem.core.rights import Role
from prsystem.exposure import LOOPBACK

LIFETIME = timedelta(hours=1)


@transaction.atomic
def setup_link_create() -> str:
    """A new token; earlier ones are void. Empty when somebody administers already: then there is nothing to set up."""
    if has_administrator():
        return ""
    SetupLink.objects.filter(used_at=None).delete()
    token = secrets.token_urlsafe(32)
    SetupLink.objects.create(digest=_digest(token), expires_at=timezone.now() + LIFETIME)
    record(SYSTEM, "setup_link.created", "enlace:1", {"horas": 1})
    return token


def setup_link_address(token: str) -> str:
    """Where the link leads: the first name that the site is served by, else this machine."""
    path = reverse("first_administrator", args=[token])
    host = next((name for name in settings.ALLOWED_HOSTS if settings.SERVES_HTTPS and name[:1] not in "*."), "")
    return f"https://{host}{path}" if host else f"http://{LOOPBACK}:{settings.PORT}{path}"


def setup_link_check(token: str) -> None:
    """Missing unless the link may still be used."""
    if not _usable(token).exists() or has_administrator():
        raise Missing()


@transaction.atomic
def administrator_create_first(*, token: str, username: str, full_name: str, password: str) -> User:
    """The account that administers everything; the link is used up. InvalidInput names each bad field."""
    link = _usable(token).select_for_update().first()
    if link is None or has_administrator():
        raise Missing()
    user = User(username=canonical_username(username), full_name=full_name)
    user.set_unusable_password()
    _require_valid(user, password)
    user.set_password(password)
    user.save(force_insert=True)
    RoleGrant.objects.create(user=user, role=Role.ADMIN)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    record(ANONYMOUS, "administrator.created_first", f"usuario:{user.pk}", {"username": user.username})
    return user


def _require_valid(user: User, password: str) -> None:
    errors: dict[str, list[object]] = {}
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        errors |= {name: list(messages) for name, messages in error.message_dict.items()}
    try:
        validate_password(password, user)
    except ValidationError as error:
        errors["new_password1"] = list(error.messages)
    if errors:
        raise InvalidInput(errors=errors)


def _usable(token: str) -> QuerySet[SetupLink]:
    return SetupLink.objects.filter(digest=_digest(token), used_at=None, expires_at__gt=timezone.now())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
