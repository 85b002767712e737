"""What people do to webhooks, and what the sender records. Secrets are returned once and never shown again."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.models import AuditEntry
from audit.services import build_entry, record, record_all
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.jobs import outbox
from prsystem.core.models import OutboxEvent
from prsystem.core.outgoing.addresses import parse_target

from . import schedule, store
from .events import TEST_EVENT
from .models import AllowedTarget, Delivery, Endpoint
from .outcomes import BLOCKED, DELIVERED, Outcome
from .sealing import key_of, new_secret, sealed

OVERLAP = timedelta(hours=24)
PRIVATE_NETWORKS = "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7"
LOOPBACK_NETWORKS = "127.0.0.0/8, ::1/128"


def resource_of(endpoint_id: int) -> str:
    return f"webhook:{endpoint_id}"


def endpoint_give_secret(endpoint: Endpoint, secret: str = "") -> str:
    """Seal a new secret into an endpoint that isn't saved yet; the secret."""
    secret = secret or new_secret()
    key_of(secret)
    endpoint.sealed_secret = sealed(secret)
    return secret


@transaction.atomic
def endpoint_rotate_secret(*, actor: Actor, endpoint_id: int, overlap: timedelta = OVERLAP) -> str:
    """A new secret; the old one signs as well until `overlap` is over. The new secret, to be shown once."""
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
    endpoint.sealed_previous, endpoint.previous_until = endpoint.sealed_secret, timezone.now() + overlap
    secret = endpoint_give_secret(endpoint)
    endpoint.save(update_fields=["sealed_secret", "sealed_previous", "previous_until"])
    record(actor, "webhook.secret_rotated", resource_of(endpoint_id), {"hasta": endpoint.previous_until.isoformat()})
    return secret


@transaction.atomic
def endpoint_disable(*, actor: Actor, endpoint_id: int, reason: str = Endpoint.Reason.OPERATOR) -> bool:
    """Stop sending; what is pending waits. False when it was off already."""
    active = Endpoint.objects.filter(pk=endpoint_id, state=Endpoint.State.ACTIVE)
    if not active.update(state=Endpoint.State.DISABLED, reason=reason):
        return False
    record(actor, "webhook.disabled", resource_of(endpoint_id), {"motivo": reason})
    return True


@transaction.atomic
def endpoint_enable(*, actor: Actor, endpoint_id: int) -> bool:
    """Send again, beginning with what waited. False when it was on already."""
    disabled = Endpoint.objects.filter(pk=endpoint_id, state=Endpoint.State.DISABLED)
    if not disabled.update(state=Endpoint.State.ACTIVE, reason="", failing_since=None):
        return False
    record(actor, "webhook.enabled", resource_of(endpoint_id))
    transaction.on_commit(outbox.ring)
    return True


@transaction.atomic
def endpoint_test(*, actor: Actor, endpoint_id: int) -> Delivery:
    """Send the event `prueba` to this endpoint alone, like any other delivery: signed, tried again, logged."""
    now = timezone.now()
    resource = resource_of(endpoint_id)
    payload = {"solicitado_por": actor.label}
    event = OutboxEvent.objects.create(event=TEST_EVENT, resource=resource, payload=payload, relayed_at=now)
    delivery = Delivery.objects.create(
        event=event,
        endpoint_id=endpoint_id,
        message_id=f"msg_test_{event.pk}_{int(now.timestamp())}",
        resource=resource,
        next_attempt_at=now,
        created_at=now,
    )
    record(actor, "webhook.tested", resource, {"webhook_id": delivery.message_id})
    transaction.on_commit(outbox.ring)
    return delivery


@transaction.atomic
def deliveries_resend(*, actor: Actor, delivery_ids: Iterable[int]) -> int:
    """Send finished deliveries again, with the same `webhook-id` and all attempts; how many."""
    finished = Delivery.objects.filter(pk__in=list(delivery_ids)).exclude(state=Delivery.State.PENDING)
    found = list(finished.order_by("pk").select_for_update().values_list("pk", "endpoint_id", "message_id"))
    again = {"state": Delivery.State.PENDING, "attempts": 0, "next_attempt_at": timezone.now(), "finished_at": None}
    Delivery.objects.filter(pk__in=[pk for pk, _, _ in found]).update(**again)
    record_all([build_entry(actor, "webhook.resent", resource_of(to), {"webhook_id": name}) for _, to, name in found])
    transaction.on_commit(outbox.ring)
    return len(found)


@transaction.atomic
def deliveries_resend_range(*, actor: Actor, endpoint_id: int, since: datetime, until: datetime) -> int:
    """Send everything that happened between the two moments (again) to one endpoint; how many events."""
    count = store.add_range(endpoint_id, since, until, timezone.now())
    details = {"desde": since.isoformat(), "hasta": until.isoformat(), "eventos": count}
    record(actor, "webhook.range_resent", resource_of(endpoint_id), details)
    transaction.on_commit(outbox.ring)
    return count


def outcomes_record(outcomes: Sequence[Outcome]) -> None:
    """What a batch of attempts brought, with its audit entries, in the caller's transaction."""
    if not outcomes:
        return
    store.record(outcomes)
    record_all([entry for outcome in outcomes for entry in _entries(outcome)])
    for endpoint_id in sorted({outcome.endpoint_id for outcome in outcomes}):
        _endpoint_note([outcome for outcome in outcomes if outcome.endpoint_id == endpoint_id], endpoint_id)


def _entries(outcome: Outcome) -> list[AuditEntry]:
    resource, details = resource_of(outcome.endpoint_id), {"entrega": outcome.delivery_id, "error": outcome.error}
    entries = []
    if outcome.result == BLOCKED:
        entries.append(build_entry(SYSTEM, "webhook.blocked", resource, details, AuditEntry.Outcome.DENIED))
    if outcome.state == "dead":
        details = {**details, "estado": outcome.status, "intentos": outcome.attempts}
        entries.append(build_entry(SYSTEM, "webhook.given_up", resource, details, AuditEntry.Outcome.FAILED))
    return entries


def _endpoint_note(outcomes: list[Outcome], endpoint_id: int) -> None:
    """Switch off an endpoint that is gone or has failed for too long; remember since when it fails."""
    if any(outcome.endpoint_is_gone for outcome in outcomes):
        endpoint_disable(actor=SYSTEM, endpoint_id=endpoint_id, reason=Endpoint.Reason.GONE)
        return
    rows, now = Endpoint.objects.filter(pk=endpoint_id), outcomes[-1].at
    if any(outcome.result == DELIVERED for outcome in outcomes):
        rows.exclude(failing_since=None).update(failing_since=None)
        return
    rows.filter(failing_since=None).update(failing_since=now)
    if rows.filter(failing_since__lt=now - schedule.FAILING_LIMIT).exists():
        endpoint_disable(actor=SYSTEM, endpoint_id=endpoint_id, reason=Endpoint.Reason.FAILING)


@transaction.atomic
def endpoints_seed() -> list[str]:
    """Make the endpoints of the environment that don't exist yet, their addresses allowed; their names."""
    made = []
    for name, (url, secret) in settings.WEBHOOK_SEEDS.items():
        if not url or Endpoint.objects.filter(name=name).exists():
            continue
        endpoint = Endpoint(name=name, url=url)
        endpoint_give_secret(endpoint, secret)
        endpoint.save()
        AllowedTarget.objects.create(**_allowance(url), note=f"WEBHOOK_{name.upper()}_URL")
        record(SYSTEM, "webhook.created", resource_of(endpoint.pk), {"nombre": name, "url": shown_url(url)})
        made.append(name)
    return made


def _allowance(url: str) -> dict[str, Any]:
    target = parse_target(url)
    if target.literal is not None:
        networks = str(target.literal)
    else:
        networks = LOOPBACK_NETWORKS if target.host == "localhost" else PRIVATE_NETWORKS
    return {"host": target.host, "networks": networks, "ports": str(target.port)}


def shown_url(url: str) -> str:
    """Scheme and host only: paths of chat webhooks are secrets."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…"


def deliveries_resend_last(*, actor: Actor, endpoint_id: int, days: int) -> int:
    """`deliveries_resend_range` for the last days, up to now."""
    now = timezone.now()
    return deliveries_resend_range(actor=actor, endpoint_id=endpoint_id, since=now - timedelta(days=days), until=now)
