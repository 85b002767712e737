"""A person ends sessions: one, or all but the present one."""

import secrets

from django.db import transaction
from django.db.models import F

from audit.services import record
from prsystem.accounts.models import BrowserSession, RefreshToken, User
from prsystem.core.context import Actor


@transaction.atomic
def session_end(*, actor: Actor, user_id: int, digest: str) -> bool:
    """End one of a person's own sessions of the pages, by the digest of its key; False when there is none."""
    ended, _kinds = BrowserSession.objects.filter(user_id=user_id, session_key=digest).delete()
    if ended:
        record(actor, "session.ended", f"usuario:{user_id}", {"puerta": "web", "sesion": digest[:8]})
    return bool(ended)


@transaction.atomic
def sessions_end_all(*, actor: Actor, user_id: int) -> User:
    """Void every session and token of a person. The caller keeps the present one by signing it anew."""
    user = User.objects.select_for_update().get(pk=user_id)
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    BrowserSession.objects.filter(user=user).delete()
    RefreshToken.objects.filter(user=user).delete()
    record(actor, "session.ended_all", f"usuario:{user_id}")
    return user


@transaction.atomic
def sessions_end_of_all(*, actor: Actor) -> int:
    """Void every session and token of everybody, those of a later time than the database's too: the epoch jumps to a
    number that nobody has been given. How many people."""
    jump = 1 + secrets.randbelow(1_000_000)
    people = User.objects.update(session_epoch=F("session_epoch") + jump)
    BrowserSession.objects.all().delete()
    RefreshToken.objects.all().delete()
    record(actor, "session.ended_of_all", "usuarios", {"personas": people})
    return people
