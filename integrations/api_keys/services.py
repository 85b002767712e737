"""API keys are made, changed, rotated and revoked; each step leaves an audit entry, never with the key."""

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import changes, record
from prsystem.accounts.models import Area, User
from prsystem.accounts.names import person_reference
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput, Missing
from prsystem.core.text.fields import checked_line

from .models import ApiKey, Scope
from .secrets import digest_of, key_new, pepper_from, prefix_new

NAME_LENGTH = 60
MAX_RATE = 100_000
OVERLAP = timedelta(days=7)
MAX_OVERLAP = timedelta(days=90)
MAPPED_BITS = 96  # of an IPv6 address, before the IPv4 one in it
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
NEEDS_AREA = {Scope.REPORT, Scope.READ}


@dataclass(frozen=True)
class KeySpec:
    """What a key may do. `networks` are addresses or CIDR networks; none means from anywhere."""

    name: str
    scopes: list[str]
    areas: list[Area] = field(default_factory=list)
    networks: list[str] = field(default_factory=list)
    rate_per_minute: int = 600
    owner: User | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class NewKey:
    """A key and its text, which is shown once and kept nowhere."""

    api_key: ApiKey
    text: str


def pepper_current() -> int:
    """The number that new digests are made with: the highest one configured."""
    return max(settings.API_KEY_PEPPERS)


def pepper_of(number: int) -> bytes | None:
    """The pepper itself; None when the operator has taken it away."""
    master = settings.API_KEY_PEPPERS.get(number)
    return pepper_from(master, number) if master else None


def _digest(text: str) -> tuple[str, int]:
    number = pepper_current()
    return digest_of(text, pepper_from(settings.API_KEY_PEPPERS[number], number)), number


@transaction.atomic
def api_key_create(*, actor: Actor, spec: KeySpec) -> NewKey:
    """Make a key. InvalidInput names each bad field."""
    spec = _checked(spec)
    if is_past(spec.expires_at):
        raise InvalidInput.field("expires_at", _("That moment has passed: the key would never work."))
    prefix = prefix_new()
    text = key_new(prefix)
    digest, pepper = _digest(text)
    api_key = ApiKey(prefix=prefix, name=spec.name, digest=digest, pepper=pepper)
    _apply(api_key, spec)
    api_key.save(force_insert=True)
    api_key.areas.set(spec.areas)
    record(actor, "api_key.created", api_key.resource, {"prefijo": prefix, **_told(spec)})
    return NewKey(api_key, text)


@transaction.atomic
def api_key_update(*, actor: Actor, api_key_id: int, spec: KeySpec) -> ApiKey:
    """Change what a key may do; its secret stays."""
    api_key, spec = _locked(api_key_id), _checked(spec)
    before = _told(spec_of(api_key))
    _apply(api_key, spec)
    api_key.save()
    api_key.areas.set(spec.areas)
    if details := changes(before, _told(spec)):
        record(actor, "api_key.updated", api_key.resource, details)
    return api_key


@transaction.atomic
def api_key_rotate(*, actor: Actor, api_key_id: int, overlap: timedelta = OVERLAP) -> NewKey:
    """A new secret for the same key; the one used until now stays valid for `overlap`, an older one ends at once."""
    if not timedelta(0) <= overlap <= MAX_OVERLAP:
        raise InvalidInput.field("traslape", _("From 0 to 90 days."))
    api_key = _locked(api_key_id)
    _require_not_revoked(api_key)
    text = key_new(api_key.prefix)
    api_key.old_digest, api_key.old_pepper = api_key.digest, api_key.pepper
    api_key.old_until = timezone.now() + overlap
    api_key.digest, api_key.pepper = _digest(text)
    api_key.save()
    record(actor, "api_key.rotated", api_key.resource, {"anterior_hasta": api_key.old_until.isoformat()})
    return NewKey(api_key, text)


@transaction.atomic
def api_key_revoke(*, actor: Actor, api_key_id: int) -> ApiKey:
    """End a key for good, at once. Revoking it again changes nothing."""
    api_key = _locked(api_key_id)
    if api_key.revoked_at is None:
        api_key.revoked_at = timezone.now()
        api_key.save(update_fields=["revoked_at"])
        record(actor, "api_key.revoked", api_key.resource, {"prefijo": api_key.prefix})
    return api_key


def api_key_used(api_key: ApiKey) -> None:
    """Remember that it was used, at most once a minute."""
    now = timezone.now()
    stale = now - timedelta(minutes=1)
    if api_key.last_used_at is None or api_key.last_used_at < stale:
        ApiKey.objects.filter(pk=api_key.pk).update(last_used_at=now)


def spec_of(api_key: ApiKey) -> KeySpec:
    """What a stored key may do."""
    return KeySpec(
        name=api_key.name,
        scopes=list(api_key.scopes),
        areas=list(api_key.areas.all()),
        networks=list(api_key.networks),
        rate_per_minute=api_key.rate_per_minute,
        owner=api_key.owner,
        expires_at=api_key.expires_at,
    )


def _locked(api_key_id: int) -> ApiKey:
    api_key = ApiKey.objects.select_for_update(of=["self"]).filter(pk=api_key_id).first()
    if api_key is None:
        raise Missing()
    return api_key


def _require_not_revoked(api_key: ApiKey) -> None:
    if api_key.revoked_at is not None:
        raise Conflict(_("The key was revoked; make a new one."))


def _apply(api_key: ApiKey, spec: KeySpec) -> None:
    api_key.name, api_key.scopes, api_key.networks = spec.name, spec.scopes, spec.networks
    api_key.rate_per_minute, api_key.owner, api_key.expires_at = spec.rate_per_minute, spec.owner, spec.expires_at


def _told(spec: KeySpec) -> dict[str, object]:
    """For the audit trail."""
    return {
        "nombre": spec.name,
        "alcances": sorted(spec.scopes),
        "areas": sorted(area.code for area in spec.areas),
        "redes": spec.networks,
        "por_minuto": spec.rate_per_minute,
        "responsable": person_reference(spec.owner.pk if spec.owner else None),
        "vence": spec.expires_at.isoformat() if spec.expires_at else None,
    }


def is_past(moment: datetime | None) -> bool:
    return moment is not None and moment <= timezone.now()


def _checked(spec: KeySpec) -> KeySpec:
    name = checked_line("nombre", spec.name, NAME_LENGTH)
    scopes = list(dict.fromkeys(spec.scopes))
    if not scopes or not set(scopes) <= set(Scope.values):
        raise InvalidInput.field("scopes", _("One or more of: %(all)s.") % {"all": ", ".join(Scope.values)})
    if scopes_need_areas(scopes) and not spec.areas:
        raise InvalidInput.field("areas", _("A key for incidents needs at least one area."))
    if not 1 <= spec.rate_per_minute <= MAX_RATE:
        raise InvalidInput.field("rate_per_minute", _("From 1 to %(limit)d.") % {"limit": MAX_RATE})
    networks = networks_checked(spec.networks)
    return KeySpec(name, scopes, spec.areas, networks, spec.rate_per_minute, spec.owner, spec.expires_at)


def scopes_need_areas(scopes: list[str]) -> bool:
    """Without areas a key for incidents could do nothing."""
    return bool(NEEDS_AREA & set(scopes))


def networks_checked(given: list[str]) -> list[str]:
    """The networks in one spelling; InvalidInput naming the first that isn't one."""
    found = []
    for item in given:
        try:
            found.append(str(_unmapped(ipaddress.ip_network(item.strip(), strict=False))))
        except ValueError as error:
            message = _("«%(value)s» is neither an address nor a network.") % {"value": item[:50]}
            raise InvalidInput.field("networks", message) from error
    return list(dict.fromkeys(found))


def _unmapped(network: Network) -> Network:
    """`::ffff:10.0.0.0/120` as the IPv4 network that it means, because callers are compared by their IPv4 address."""
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is None or network.prefixlen < MAPPED_BITS:
        return network
    return ipaddress.ip_network((mapped, network.prefixlen - MAPPED_BITS))
