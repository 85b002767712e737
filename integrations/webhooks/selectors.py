"""What the sender needs to know of endpoints and allowances."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from cryptography.fernet import InvalidToken

from prsystem.core.outgoing.addresses import AddressPolicy, Allowance
from prsystem.runtime.selectors import get_setting

from .checks import networks_of, ports_of
from .models import AllowedTarget, Endpoint
from .sealing import key_of, opened

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Receiver:
    """An active endpoint, secrets opened. `previous_key` signs too while `previous_until` isn't over."""

    id: int
    name: str
    url: str
    shape: str
    template: str
    key: bytes
    previous_key: bytes | None
    previous_until: datetime | None
    failing_since: datetime | None

    def keys(self, now: datetime) -> list[bytes]:
        if self.previous_key and self.previous_until and now < self.previous_until:
            return [self.key, self.previous_key]
        return [self.key]


def receivers_active() -> dict[int, Receiver]:
    """By id; none while webhooks are switched off. One whose secret can't be opened (another SECRET_KEY) is left out.
    The deliveries of those left out wait."""
    if not get_setting("webhooks.enabled"):
        return {}
    found = (_receiver(endpoint) for endpoint in Endpoint.objects.filter(state=Endpoint.State.ACTIVE))
    return {receiver.id: receiver for receiver in found if receiver}


def _receiver(endpoint: Endpoint) -> Receiver | None:
    try:
        key = key_of(opened(endpoint.sealed_secret))
        previous = key_of(opened(endpoint.sealed_previous)) if endpoint.sealed_previous else None
    except InvalidToken:
        log.error("webhook.secret_unreadable", endpoint=endpoint.pk)
        return None
    return Receiver(
        id=endpoint.pk,
        name=endpoint.name,
        url=endpoint.url,
        shape=endpoint.shape,
        template=endpoint.template,
        key=key,
        previous_key=previous,
        previous_until=endpoint.previous_until,
        failing_since=endpoint.failing_since,
    )


def address_policy() -> AddressPolicy:
    """The allowances of the administrators as they are now."""
    rows = AllowedTarget.objects.order_by("pk").values_list("host", "networks", "ports")
    return AddressPolicy(
        tuple(
            Allowance(host.lower().rstrip("."), networks_of(networks), ports_of(ports))
            for host, networks, ports in rows
        )
    )
