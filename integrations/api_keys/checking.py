"""Whether a key that came with a request may do what is asked: form, digest, state, network, rate, scope."""

import hmac
import ipaddress
from dataclasses import dataclass

import structlog
from django.contrib.postgres.aggregates import ArrayAgg
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import Outcome, record
from prsystem.accounts.sign_in.throttle import hits_count
from prsystem.core.context import ANONYMOUS, Actor, current
from prsystem.core.errors import DomainError, NotAllowed
from prsystem.core.rights import Rights, Role

from .models import ApiKey
from .secrets import digest_of, prefix_of
from .services import api_key_used, pepper_of

log = structlog.get_logger(__name__)
DENIALS_KEPT_PER_MINUTE = 60
WINDOW_SECONDS = 60


class KeyRefused(DomainError):
    """A key was sent that isn't accepted. The answer doesn't say why; the audit trail does."""

    code = "clave_rechazada"
    status = 403
    message = _("The API key isn't accepted.")


class TooManyRequests(DomainError):
    code = "demasiadas_peticiones"
    status = 429
    message = _("Too many requests for this key. Try again later.")


@dataclass(frozen=True)
class KeyHolder:
    """The caller behind a key, as DRF's `request.user`. No person: services get the actor."""

    api_key: ApiKey
    actor: Actor
    is_authenticated: bool = True
    is_active: bool = True
    pk: None = None


def key_check(text: str, address: str) -> KeyHolder:
    """Who holds the key; KeyRefused or TooManyRequests otherwise. A refusal is audited, without the key."""
    api_key = _found(text, address)
    if not api_key.is_live:
        raise _refused("revoked or expired", address, api_key)
    if api_key.networks and not _is_within(address, api_key.networks):
        raise _refused("other network", address, api_key)
    hits, seconds = hits_count(f"api-key|{api_key.pk}", WINDOW_SECONDS)
    if hits > api_key.rate_per_minute:
        raise TooManyRequests(retry_after=max(seconds, 1))
    api_key_used(api_key)
    return KeyHolder(api_key, actor_for(api_key))


def actor_for(api_key: ApiKey) -> Actor:
    """A key reports and reads as a reporter of its areas does. Needs `area_ids`."""
    grants = [(Role.REPORTER, area_id) for area_id in api_key.area_ids if area_id is not None]  # type: ignore[attr-defined]
    return Actor(
        kind="api_key",
        label=str(api_key),
        rights=Rights.from_grants(None, grants),
        scopes=frozenset(api_key.scopes),
    )


def scope_require(actor: Actor, scope: str) -> None:
    """NotAllowed, audited, when the actor's key lacks the scope."""
    if scope in actor.scopes:
        return
    _deny(actor, "clave_api:" + actor.label.partition(" ")[0], f"scope {scope} missing")
    raise NotAllowed(_("The API key lacks the scope %(scope)s.") % {"scope": scope})


def _found(text: str, address: str) -> ApiKey:
    prefix = prefix_of(text)
    if not prefix:
        raise _refused("malformed", address)
    keys = ApiKey.objects.select_related("owner").annotate(area_ids=ArrayAgg("areas", default=[]))
    api_key = keys.filter(prefix=prefix).first()
    if api_key is None or not _matches(api_key, text):
        raise _refused("unknown", address)
    return api_key


def _matches(api_key: ApiKey, text: str) -> bool:
    is_new = _is_secret(text, api_key.digest, api_key.pepper)
    in_overlap = api_key.old_until is not None and timezone.now() < api_key.old_until
    return is_new or (in_overlap and _is_secret(text, api_key.old_digest, api_key.old_pepper))


def _is_secret(text: str, digest: str, number: int) -> bool:
    pepper = pepper_of(number)
    return pepper is not None and hmac.compare_digest(digest_of(text, pepper), digest)


def _is_within(address: str, networks: list[str]) -> bool:
    try:
        client = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(client, "ipv4_mapped", None)
    return any((mapped or client) in ipaddress.ip_network(network) for network in networks)


def _refused(reason: str, address: str, api_key: ApiKey | None = None) -> KeyRefused:
    actor = Actor(kind="api_key", label=str(api_key)) if api_key else ANONYMOUS
    _deny(actor, api_key.resource if api_key else "clave_api:desconocida", reason, address)
    return KeyRefused()


def _deny(actor: Actor, resource: str, reason: str, address: str = "") -> None:
    """One audit entry, at most DENIALS_KEPT_PER_MINUTE per address: a flood of guesses must not fill the trail."""
    address = address or current.get().ip or ""
    hits, _seconds = hits_count(f"api-key-denied|{address}", WINDOW_SECONDS)
    if hits <= DENIALS_KEPT_PER_MINUTE:
        record(actor, "api_key.denied", resource, {"motivo": reason}, Outcome.DENIED)
    else:
        log.warning("api_key.denied", reason=reason)
