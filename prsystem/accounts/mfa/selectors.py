"""Reading second factors."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from prsystem.accounts.models import User
from prsystem.core.errors import InvalidInput
from prsystem.core.rights import Role
from prsystem.runtime.selectors import get_setting

from .models import Authenticator

ROLES = "mfa_roles"


def factors_of(user: User) -> QuerySet[Authenticator]:
    """A person's confirmed ones."""
    return Authenticator.objects.filter(user=user, confirmed_at__isnull=False)


def keys_of(user: User) -> QuerySet[Authenticator]:
    return factors_of(user).filter(kind=Authenticator.Kind.WEBAUTHN)


def has_app(user: User) -> bool:
    return factors_of(user).filter(kind=Authenticator.Kind.TOTP).exists()


def has_factor(user: User) -> bool:
    return factors_of(user).exists()


def is_factor_required(user: User) -> bool:
    """Whether a role of this person asks for one."""
    required = get_setting(ROLES)
    return bool(required and set(required) & set(user.rights.roles))


def recovery_codes_left(user: User) -> int:
    return user.recovery_codes.filter(used_at=None).count()


def roles_check(roles: list[str]) -> None:
    """For the setting: InvalidInput for what is no role."""
    unknown = sorted(set(roles) - set(Role.values))
    if unknown:
        raise InvalidInput.field("valor", _("There is no role «%(role)s».") % {"role": unknown[0][:30]})
