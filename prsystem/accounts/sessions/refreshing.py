"""Refresh tokens: opaque, kept as digests, used once. Using one twice ends its family: one of the two was stolen.

A family ends `api_session_days` after its sign-in, however often it is refreshed: then the person signs in again.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.services import Outcome, record
from prsystem.accounts.models import RefreshToken, User
from prsystem.core.context import Actor, current
from prsystem.runtime.selectors import get_setting

from .tokens import TokenRefused, password_stamp

_BYTES = 32
DEVICE_LENGTH = 200


@dataclass(frozen=True)
class Issued:
    """A new refresh token, whose it is, and the family of the sign-in that it comes from."""

    user: User
    family: uuid.UUID
    raw: str


def refresh_issue(
    user: User, family: uuid.UUID | None = None, *, began_at: datetime | None = None, device: str = ""
) -> Issued:
    """A new token, the first of a family unless one is given with when it began. Only its digest is kept."""
    family, now = family or uuid.uuid4(), timezone.now()
    began_at = began_at or now
    raw = secrets.token_urlsafe(_BYTES)
    RefreshToken.objects.create(
        user=user,
        family=family,
        digest=_digest(raw),
        stamp=password_stamp(user),
        began_at=began_at,
        expires_at=min(now + timedelta(seconds=settings.REFRESH_TOKEN_SECONDS), _end_of(began_at)),
        address=current.get().ip,
        device=device[:DEVICE_LENGTH],
    )
    return Issued(user, family, raw)


def refresh_rotate(raw: str) -> Issued:
    """The successor; TokenRefused for an unknown, expired, revoked or used one.

    A used one revokes its family, which is committed and audited before the refusal.
    """
    with transaction.atomic():
        token = _locked(raw)
        successor = _successor(token) if token else None
    if successor is None:
        raise TokenRefused
    return successor


def refresh_revoke(raw: str) -> None:
    """Sign out: end the token's family. An unknown one changes nothing, so that the answer tells nothing."""
    with transaction.atomic():
        token = _locked(raw)
        if token and token.revoked_at is None:
            _family_revoke(token)
            record(token.user.as_actor(), "session.ended", f"usuario:{token.user_id}")


def _locked(raw: str) -> RefreshToken | None:
    """The token, with the rows of its family locked in key order, so that parallel uses can't deadlock."""
    family = RefreshToken.objects.filter(digest=_digest(raw)).values("family")[:1]
    tokens = RefreshToken.objects.filter(family=family).select_related("user")
    rows = tokens.select_for_update(of=["self"]).order_by("pk")
    return next((token for token in rows if token.digest == _digest(raw)), None)


@transaction.atomic
def family_end(*, actor: Actor, user_id: int, family: uuid.UUID) -> bool:
    """End one of a person's own sign-ins of the API; False when there is none to end."""
    ended = RefreshToken.objects.filter(user_id=user_id, family=family, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if ended:
        record(actor, "session.ended", f"usuario:{user_id}", {"puerta": "api", "familia": str(family)})
    return bool(ended)


def _successor(token: RefreshToken) -> Issued | None:
    if token.used_at and token.revoked_at is None:
        _family_revoke(token)
        details = {"familia": str(token.family)}
        record(token.user.as_actor(), "session.refresh_reused", f"usuario:{token.user_id}", details, Outcome.DENIED)
    began_at = _began(token.family)
    if token.used_at or token.revoked_at or not _is_current(token) or _end_of(began_at) <= timezone.now():
        return None
    token.used_at = timezone.now()
    token.save(update_fields=["used_at"])
    return refresh_issue(token.user, token.family, began_at=began_at, device=token.device)


def _began(family: uuid.UUID) -> datetime:
    """The moment of the sign-in; used tokens of long ago are gone, so each one carries it."""
    moments = RefreshToken.objects.filter(family=family).values_list("began_at", "created_at")
    return min(moment for pair in moments for moment in pair if moment)


def _end_of(began_at: datetime) -> datetime:
    return began_at + timedelta(days=get_setting("api_session_days"))


def _is_current(token: RefreshToken) -> bool:
    return token.user.is_active and token.expires_at > timezone.now() and token.stamp == password_stamp(token.user)


def _family_revoke(token: RefreshToken) -> None:
    RefreshToken.objects.filter(family=token.family, revoked_at=None).update(revoked_at=timezone.now())


def _digest(raw: str) -> str:
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
