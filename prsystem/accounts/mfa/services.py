"""Second factors are set up, checked and removed; each step leaves an audit entry, never with a secret."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import Outcome, record
from prsystem.accounts.models import User
from prsystem.accounts.sign_in.throttle import TooManyAttempts, hits_count, hits_forget
from prsystem.core.context import Actor
from prsystem.core.errors import DomainError, InvalidInput, Missing, NotAllowed
from prsystem.core.telemetry.metrics import LOGIN_FAILURES

from .codes import opened, recovery_codes_new, recovery_digests, sealed, secret_new, step_of
from .models import Authenticator, RecoveryCode
from .selectors import factors_of, has_factor, is_factor_required

ATTEMPTS, ATTEMPT_SECONDS = 5, 900
DAY_ATTEMPTS, DAY_SECONDS = 20, 86400


class CodeRequired(DomainError):
    """The password is right; a code of the second factor is missing."""

    code = "otp_requerido"
    status = 401
    message = _(
        "A code of the second factor is needed too: of an app, or for recovery. Security keys sign for pages only."
    )


class CodeRefused(DomainError):
    code = "otp_invalido"
    status = 401
    message = _("That code is not right or was used already.")


class FactorMissing(NotAllowed):
    """A role asks for a second factor and none is set up."""

    code = "segundo_factor_sin_configurar"
    message = _("Your role asks for a second factor. Set it up under My account first.")


def code_require(user: User, code: str) -> None:
    """For signing in without pages: the code of whoever has a second factor.

    Raises CodeRequired, CodeRefused, TooManyAttempts, or FactorMissing where a role asks for one that isn't set up.
    """
    if has_factor(user):
        if not code:
            raise CodeRequired()
        code_check(user, code)
    elif is_factor_required(user):
        raise FactorMissing()


def code_check(user: User, code: str) -> None:
    """Use up one code, of an app or for recovery. CodeRefused when it isn't one; TooManyAttempts after a few of those.

    Attempts are counted before they are checked, so that parallel guesses count too.
    """
    attempt_count(user)
    if _use_app_code(user, code) or _use_recovery_code(user, code):
        attempts_forget(user)
        return
    LOGIN_FAILURES.labels("segundo_factor").inc()
    record(user.as_actor(), "second_factor.refused", f"usuario:{user.pk}", outcome=Outcome.DENIED)
    raise CodeRefused()


def attempt_count(user: User) -> None:
    """One more try with a second factor; TooManyAttempts beyond a few in a quarter of an hour or many in a day."""
    for limit, window in ((ATTEMPTS, ATTEMPT_SECONDS), (DAY_ATTEMPTS, DAY_SECONDS)):
        attempts, seconds = hits_count(f"second-factor|{window}|{user.pk}", window)
        if attempts > limit:
            raise TooManyAttempts(retry_after=max(seconds, 1))


def attempts_forget(user: User) -> None:
    for window in (ATTEMPT_SECONDS, DAY_SECONDS):
        hits_forget(f"second-factor|{window}|{user.pk}")


def _use_app_code(user: User, code: str) -> bool:
    """A conditional update uses the step up: of two parallel uses one wins."""
    now = timezone.now()
    for factor in factors_of(user).filter(kind=Authenticator.Kind.TOTP):
        step = step_of(opened(factor.sealed_secret), code, factor.last_step)
        if step is not None:
            free = Authenticator.objects.filter(pk=factor.pk, last_step__lt=step)
            return bool(free.update(last_step=step, last_used_at=now))
    return False


def _use_recovery_code(user: User, code: str) -> bool:
    unused = RecoveryCode.objects.filter(user=user, digest__in=recovery_digests(code[:60]), used_at=None)
    if not unused.update(used_at=timezone.now()):
        return False
    record(user.as_actor(), "second_factor.recovery_used", f"usuario:{user.pk}")
    return True


@transaction.atomic
def app_prepare(*, actor: Actor, user: User) -> bytes:
    """The secret of an app that is being set up; the same until it is confirmed."""
    factor = Authenticator.objects.filter(user=user, kind=Authenticator.Kind.TOTP, confirmed_at=None).first()
    if factor is None:
        factor = Authenticator(user=user, kind=Authenticator.Kind.TOTP, sealed_secret=sealed(secret_new()))
        Authenticator.objects.bulk_create([factor], ignore_conflicts=True)
        factor = Authenticator.objects.get(user=user, kind=Authenticator.Kind.TOTP, confirmed_at=None)
    return opened(factor.sealed_secret)


@transaction.atomic
def app_confirm(*, actor: Actor, user: User, code: str, name: str) -> list[str]:
    """The app shows the right code: it counts from now on. The first one brings recovery codes, shown this once."""
    factor = (
        Authenticator.objects.select_for_update()
        .filter(user=user, kind=Authenticator.Kind.TOTP, confirmed_at=None)
        .first()
    )
    if factor is None:
        raise Missing()
    step = step_of(opened(factor.sealed_secret), code, factor.last_step)
    if step is None:
        raise InvalidInput.field("codigo", _("That code is not right. The clock of the phone must be right too."))
    is_first = not has_factor(user)
    factor.last_step, factor.confirmed_at, factor.name = step, timezone.now(), name
    factor.save(update_fields=["last_step", "confirmed_at", "name"])
    record(actor, "second_factor.added", f"usuario:{user.pk}", {"tipo": factor.kind, "nombre": name})
    return recovery_codes_replace(actor=actor, user=user) if is_first else []


@transaction.atomic
def recovery_codes_replace(*, actor: Actor, user: User) -> list[str]:
    """Ten new codes; the old ones are void."""
    codes = recovery_codes_new()
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(user=user, digest=recovery_digests(code)[0]) for code in codes])
    record(actor, "second_factor.recovery_made", f"usuario:{user.pk}")
    return codes


@transaction.atomic
def factor_remove(*, actor: Actor, user: User, factor_id: int) -> None:
    """Take one away; with the last one go the recovery codes. Refused where a role asks for one."""
    User.objects.select_for_update().get(pk=user.pk)  # of two at once the second one sees what the first has left
    factor = factors_of(user).filter(pk=factor_id).first()
    if factor is None:
        raise Missing()
    if is_factor_required(user) and factors_of(user).count() == 1:
        raise NotAllowed(_("Your role asks for a second factor: add another one first."))
    record(actor, "second_factor.removed", f"usuario:{user.pk}", {"tipo": factor.kind, "nombre": factor.name})
    factor.delete()
    if not has_factor(user):
        RecoveryCode.objects.filter(user=user).delete()


@transaction.atomic
def factors_reset(*, actor: Actor, user_id: int) -> bool:
    """An administrator takes every second factor of somebody away, who has lost them; False when there was none."""
    if not actor.rights.is_admin:
        raise NotAllowed()
    removed, _kinds = Authenticator.objects.filter(user_id=user_id).delete()
    RecoveryCode.objects.filter(user_id=user_id).delete()
    if removed:
        record(actor, "second_factor.reset", f"usuario:{user_id}")
    return bool(removed)
