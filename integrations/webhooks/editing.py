"""Making and changing endpoints. `shown_url` goes into the trail: paths of chat webhooks are secrets."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import changes, record
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput, Missing

from .models import Endpoint
from .services import endpoint_give_secret, resource_of, shown_url

# What a caller of the API calls each field.
NAMES = {
    "name": "nombre",
    "url": "url",
    "events": "eventos",
    "shape": "formato",
    "template": "plantilla",
    "is_ordered": "en_orden",
}


@dataclass(frozen=True)
class EndpointSpec:
    """Where to send and what; no events means all."""

    name: str
    url: str
    events: list[str] = field(default_factory=list)
    shape: str = Endpoint.Shape.STANDARD
    template: str = ""
    is_ordered: bool = False


@transaction.atomic
def endpoint_create(*, actor: Actor, spec: EndpointSpec) -> tuple[Endpoint, str]:
    """A new endpoint and its secret, to be shown once. InvalidInput names each bad field."""
    endpoint = Endpoint(**asdict(spec))
    secret = endpoint_give_secret(endpoint)
    _check(endpoint)
    endpoint.save(force_insert=True)
    record(actor, "webhook.created", resource_of(endpoint.pk), _told(endpoint))
    return endpoint, secret


@transaction.atomic
def endpoint_update(*, actor: Actor, endpoint_id: int, values: dict[str, Any]) -> Endpoint:
    """Change fields of EndpointSpec; its secret and state stay."""
    endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None:
        raise Missing()
    before = _told(endpoint)
    for name, value in values.items():
        setattr(endpoint, name, value)
    _check(endpoint)
    endpoint.save(update_fields=list(NAMES))
    if details := changes(before, _told(endpoint)):
        record(actor, "webhook.updated", resource_of(endpoint_id), details)
    return endpoint


def _check(endpoint: Endpoint) -> None:
    if Endpoint.objects.filter(name=endpoint.name).exclude(pk=endpoint.pk).exists():
        raise Conflict(_("There is an endpoint of that name."))
    try:
        endpoint.clean_fields(exclude=[f.name for f in Endpoint._meta.fields if f.name not in NAMES])
    except ValidationError as error:
        raise InvalidInput(errors={NAMES[name]: list(texts) for name, texts in error.message_dict.items()}) from error


def _told(endpoint: Endpoint) -> dict[str, Any]:
    return {name: getattr(endpoint, name) for name in NAMES} | {"url": shown_url(endpoint.url)}
