"""Erasing a person: the account loses everything that names its owner, other apps blank what they hold (they
register here), and the audit trail forgets by destroying the person's key: asked for here, done by who may change it
(`audit.retention`). The account's number stays."""

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from audit.retention import erasure_ask, erasures_carry_out
from audit.selectors import entries_naming
from prsystem.accounts.mfa.models import Authenticator, RecoveryCode
from prsystem.accounts.models import BrowserSession, RefreshToken, RoleGrant, User
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput
from prsystem.core.models import IdempotencyRecord, Job, OutboxEvent
from prsystem.core.text.forgetting import Gone, names_replace
from prsystem.runtime.models import SettingChange, StoredSetting

_erasers: list[str] = []


def register(eraser: str) -> None:
    """Add what an app does with an erased person (`core.forgetting.Gone`), in the same transaction: a dotted path, from
    `AppConfig.ready()`."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def person_erase(*, actor: Actor, username: str) -> int:
    """Erase somebody whose account is inactive; how many audit entries lose their name.

    The account at once; the trail in the sealer's next round, or at once where this role may change it. Conflict for an
    account that is still active, InvalidInput for an unknown one.
    """
    user = User.objects.filter(username=username.strip().lower()).first()
    if user is None:
        raise InvalidInput.field("usuario", _("There is no such account."))
    if user.is_active:
        raise Conflict(_("The account is active. Deactivate it first."))
    gone, count = Gone(user.pk, user.username, user.full_name, user.email), entries_naming(user.pk)
    with transaction.atomic():
        _blank(user)
        _forget(gone)
        for eraser in _erasers:
            import_string(eraser)(gone)
        erasure_ask(actor=actor, user_id=user.pk)
    erasures_carry_out()
    return count


def _blank(user: User) -> None:
    user.username = user.erased_username
    user.full_name = user.first_name = user.last_name = user.email = ""
    user.directory_id = None
    user.set_unusable_password()
    user.save()
    for model in (RoleGrant, RefreshToken, BrowserSession, Authenticator, RecoveryCode):
        model._default_manager.filter(user=user).delete()


def _forget(gone: Gone) -> None:
    for model in (AccessAttempt, AccessLog, AccessFailureLog):
        model._default_manager.filter(username=gone.username).delete()
    IdempotencyRecord.objects.filter(scope__in=(f"user:{gone.user_id}", f"page:{gone.user_id}")).delete()
    names_replace(gone, IdempotencyRecord, "body")
    names_replace(gone, Job, "payload")
    names_replace(gone, OutboxEvent, "payload")
    names_replace(gone, SettingChange, "actor", "before", "after")
    names_replace(gone, StoredSetting, "value")
