"""Security keys are added and checked; a challenge counts once, and a key whose count goes back is refused."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import Outcome, record
from prsystem.accounts.models import User
from prsystem.accounts.sign_in.throttle import hits_count
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput
from prsystem.core.telemetry.metrics import LOGIN_FAILURES

from .keys import AnswerRefused, Key, Site, assertion_check, creation_check
from .models import Authenticator
from .selectors import has_factor, keys_of
from .services import CodeRefused, attempt_count, attempts_forget, recovery_codes_replace

CHALLENGE_SECONDS = 300
MOST_KEYS = 10


class KeyRefused(CodeRefused):
    """No answer of a key of this person to what was asked."""

    code = "llave_rechazada"
    message = _("The security key was not accepted. Try again.")


@transaction.atomic
def key_add(*, actor: Actor, user: User, site: Site, challenge: str, answer: str, name: str) -> list[str]:
    """A key counts from now on. A person's first second factor brings recovery codes, shown this once."""
    User.objects.select_for_update().get(pk=user.pk)
    if keys_of(user).count() >= MOST_KEYS:
        raise InvalidInput.field("llave", _("There are ten security keys already: remove one first."))
    try:
        _challenge_use(challenge)
        key = creation_check(site, challenge, answer)
    except AnswerRefused as error:
        raise InvalidInput.field("llave", _("The security key was not accepted. Try again.")) from error
    is_first = not has_factor(user)
    if Authenticator.objects.filter(credential_id=key.credential_id).exists():
        raise InvalidInput.field("llave", _("That security key is in use already."))
    Authenticator.objects.create(
        user=user,
        kind=Authenticator.Kind.WEBAUTHN,
        name=name,
        credential_id=key.credential_id,
        public_key=key.public_key,
        sign_count=key.count,
        confirmed_at=timezone.now(),
    )
    record(actor, "second_factor.added", f"usuario:{user.pk}", {"tipo": "webauthn", "nombre": name})
    return recovery_codes_replace(actor=actor, user=user) if is_first else []


def key_check(user: User, *, site: Site, challenge: str, answer: str) -> None:
    """A key of this person has answered the challenge. KeyRefused when not; TooManyAttempts after a few of those."""
    attempt_count(user)
    known = [
        Key(bytes(row.credential_id), bytes(row.public_key), row.sign_count)
        for row in keys_of(user)
        if row.credential_id is not None
    ]
    try:
        _challenge_use(challenge)
        used = assertion_check(site, challenge, answer, known)
    except AnswerRefused as error:
        _refuse(user, "second_factor.refused")
        raise KeyRefused() from error
    if not _count_moves(used):
        _refuse(user, "second_factor.copied")
        raise KeyRefused()
    attempts_forget(user)


def _challenge_use(challenge: str) -> None:
    """Of two that bring the same one, also at once, the first has it."""
    if not challenge or hits_count(f"webauthn|{challenge}", CHALLENGE_SECONDS)[0] > 1:
        raise AnswerRefused()


def _count_moves(used: Key) -> bool:
    """A key that counts must be further than ever before, else there are two of it; some never count: always 0."""
    allowed = Q(sign_count__lt=used.count) | (Q(sign_count=0) if used.count == 0 else Q())
    rows = Authenticator.objects.filter(allowed, credential_id=used.credential_id)
    return bool(rows.update(sign_count=used.count, last_used_at=timezone.now()))


def _refuse(user: User, action: str) -> None:
    LOGIN_FAILURES.labels("segundo_factor").inc()
    record(user.as_actor(), action, f"usuario:{user.pk}", {"tipo": "webauthn"}, Outcome.DENIED)
