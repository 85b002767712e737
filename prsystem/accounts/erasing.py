"""Erasing a person: the account loses everything that names its owner, other apps blank what they hold (they
register here), and the audit trail forgets by destroying the person's key. The account's number stays."""

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from audit.retention import traces_erase
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput

from .models import BrowserSession, RefreshToken, RoleGrant, User

_erasers: list[str] = []


def register(eraser: str) -> None:
    """Add what an app does with the id of an erased person, in the same transaction: a dotted path, from
    `AppConfig.ready()`."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def person_erase(*, actor: Actor, username: str) -> int:
    """Erase somebody whose account is inactive; how many audit entries lost their name.

    The account first, the trail after: what fails in between is done by running it again. Conflict for an account that
    is still active, InvalidInput for an unknown one.
    """
    user = User.objects.filter(username=username.strip().lower()).first()
    if user is None:
        raise InvalidInput.field("usuario", _("There is no such account."))
    if user.is_active:
        raise Conflict(_("The account is active. Deactivate it first."))
    with transaction.atomic():
        _blank(user)
        for eraser in _erasers:
            import_string(eraser)(user.pk)
    return traces_erase(actor=actor, user_id=user.pk)


def _blank(user: User) -> None:
    user.username = f"borrado-{user.pk}"
    user.full_name = user.first_name = user.last_name = user.email = ""
    user.set_unusable_password()
    user.save()
    RoleGrant.objects.filter(user=user).delete()
    RefreshToken.objects.filter(user=user).delete()
    BrowserSession.objects.filter(user=user).delete()
