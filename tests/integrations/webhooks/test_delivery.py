"""From the outbox row to real receivers over sockets, good and bad ones."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from audit.models import AuditEntry
from integrations.webhooks import services, store, transport
from integrations.webhooks.models import AllowedTarget, Attempt, Delivery, DeliveryCount, Endpoint
from integrations.webhooks.sender import Sender
from prsystem.core.context import SYSTEM
from prsystem.core.jobs.outbox import record_event
from prsystem.core.models import OutboxEvent
from tests.integrations.webhooks.receivers import Handler, Receiver, answering, make_endpoint, turn

pytestmark = pytest.mark.django_db(transaction=True)


def scenario(handler: Handler, play: Callable[[Receiver, Sender], Awaitable[None]]) -> Receiver:
    """Play against one receiver; the sender's resources are freed whatever happens."""

    async def main() -> Receiver:
        async with Receiver(handler) as receiver:
            sender = Sender()
            try:
                await play(receiver, sender)
            finally:
                await sender._close()
        return receiver

    return asyncio.run(main())


def once(handler: Handler, **fields: Any) -> tuple[Receiver, str]:
    """One event to one endpoint whose receiver behaves as `handler`; the receiver and the secret."""
    secrets: list[str] = []

    async def play(receiver: Receiver, sender: Sender) -> None:
        def prepare() -> None:
            secrets.append(make_endpoint(port=receiver.port, **fields)[1])
            record_event("incidencia.resuelta", "incidencia:7", {"incidencia_id": "7", "numero": "INC-7"})
            connection.close()

        await asyncio.to_thread(prepare)
        await turn(sender)

    return scenario(handler, play), secrets[0]


def test_a_delivery_carries_the_body_of_the_contract_and_verifies() -> None:
    receiver, secret = once(answering(200))
    (headers, body), delivery = receiver.requests[0], Delivery.objects.get()
    content = Webhook(secret).verify(body, headers)
    assert set(content) == {"event", "timestamp", "data", "source"}
    assert (content["event"], content["source"]) == ("incidencia.resuelta", "pr-system")
    assert datetime.fromisoformat(content["timestamp"]) == OutboxEvent.objects.get().created_at
    assert headers["webhook-id"] == delivery.message_id
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 1, 200)
    assert DeliveryCount.objects.get().total == 1


@pytest.mark.parametrize("changed", ["body", "webhook-id", "webhook-timestamp", "old"])
def test_a_changed_message_is_refused_by_the_library(changed: str) -> None:
    receiver, secret = once(answering(200))
    headers, body = receiver.requests[0]
    if changed == "body":
        body += b" "
    elif changed == "webhook-id":
        headers[changed] += "x"
    elif changed == "webhook-timestamp":
        headers[changed] = str(int(headers[changed]) + 1)
    later = datetime.now(UTC) + timedelta(minutes=6 if changed == "old" else 0)
    with time_machine.travel(later), pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers)


async def reset_midway(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.transport.abort()


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
    for _ in range(16384):
        writer.write(b"x" * 65536)
        await writer.drain()


async def dripping(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.2)


async def silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    ("handler", "result", "status"),
    [
        (answering(500), "refused", 500),
        (answering(429, "Retry-After: 7200"), "refused", 429),
        (answering(301, "Location: http://127.0.0.1:1/"), "refused", 301),
        (reset_midway, "unreachable", None),
        (dripping, "unreachable", None),
        (silent, "unreachable", None),
    ],
)
def test_a_bad_answer_is_tried_again(
    handler: Handler, result: str, status: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "DEADLINE_SECONDS", 1.0)
    receiver, _secret = once(handler)
    delivery, attempt = Delivery.objects.get(), Attempt.objects.get()
    assert (delivery.state, attempt.result, attempt.status) == ("pending", result, status)
    wait = delivery.next_attempt_at - attempt.at
    assert wait >= timedelta(seconds=7200 if status == 429 else 5)
    assert receiver.connections == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_inward_is_not_followed(status: int) -> None:
    """The target of the redirect is a receiver that is even allowed: nothing is ever followed."""
    inner = Receiver(answering(200))

    async def play(receiver: Receiver, sender: Sender) -> None:
        async with inner:
            receiver.handler = answering(status, f"Location: http://127.0.0.1:{inner.port}/")
            await asyncio.to_thread(_prepare, receiver.port, inner.port)
            await turn(sender)

    def _prepare(port: int, inward: int) -> None:
        make_endpoint(port=port)
        AllowedTarget.objects.update(ports=f"{port},{inward}")
        record_event("incidencia.creada", "incidencia:1", {})
        connection.close()

    receiver = scenario(answering(200), play)
    assert (receiver.connections, inner.connections) == (1, 0)
    assert (Attempt.objects.get().status, Delivery.objects.get().state) == (status, "pending")


def test_gone_switches_the_endpoint_off() -> None:
    once(answering(410))
    endpoint = Endpoint.objects.get()
    assert (endpoint.state, endpoint.reason, Delivery.objects.get().state) == ("disabled", "gone", "dead")
    assert AuditEntry.objects.filter(accion="webhook.disabled").count() == 1


def test_a_gigabyte_is_cut_off_and_the_status_decides() -> None:
    once(endless)
    assert Delivery.objects.get().state == "delivered"


def test_an_address_without_an_allowance_gets_no_packet_and_leaves_an_audit_entry() -> None:
    receiver, _secret = once(answering(200), allowed=False)
    assert (receiver.connections, Attempt.objects.get().result) == (0, "blocked")
    assert AuditEntry.objects.filter(accion="webhook.blocked", resultado="denegado").count() == 1


def test_a_dead_endpoint_ends_in_a_dead_letter_and_is_resent_with_the_same_id() -> None:
    started = timezone.now()

    async def play(receiver: Receiver, sender: Sender) -> None:
        await asyncio.to_thread(lambda: (make_endpoint(port=receiver.port), _report(), connection.close()))
        with time_machine.travel(started, tick=False) as clock:
            for _ in range(12):
                await turn(sender, 1)
                due = await asyncio.to_thread(_next_due)
                if due is None:
                    break
                clock.move_to(due)
                sender._lanes.clear()
                sender._looked_at = float("-inf")
        receiver.handler = answering(204)
        await asyncio.to_thread(_resend_all)
        await turn(sender)

    def _report() -> None:
        record_event("incidencia.creada", "incidencia:1", {})

    def _next_due() -> datetime | None:
        found = Delivery.objects.get().next_attempt_at
        connection.close()
        return found

    def _resend_all() -> None:
        dead = Delivery.objects.get()
        assert (dead.state, dead.attempts, dead.last_status) == ("dead", 10, 503)
        assert timedelta(hours=75) <= dead.finished_at - started <= timedelta(hours=80)
        assert AuditEntry.objects.filter(accion="webhook.given_up", resultado="fallido").count() == 1
        assert services.deliveries_resend(actor=SYSTEM, delivery_ids=[dead.pk]) == 1
        connection.close()

    receiver = scenario(answering(503), play)
    assert Delivery.objects.get().state == "delivered"
    assert len(receiver.requests) == 11
    assert len({headers["webhook-id"] for headers, _ in receiver.requests}) == 1
    assert len({body for _, body in receiver.requests}) == 1


def test_both_secrets_sign_while_one_is_rotated() -> None:
    secrets: list[str] = []

    async def play(receiver: Receiver, sender: Sender) -> None:
        def prepare() -> None:
            endpoint, old = make_endpoint(port=receiver.port)
            secrets.extend((old, services.endpoint_rotate_secret(actor=SYSTEM, endpoint_id=endpoint.pk)))
            record_event("incidencia.creada", "incidencia:1", {})
            connection.close()

        await asyncio.to_thread(prepare)
        await turn(sender)

    receiver = scenario(answering(200), play)
    headers, body = receiver.requests[0]
    for secret in secrets:
        assert Webhook(secret).verify(body, headers)
    assert len(headers["webhook-signature"].split()) == 2


def test_a_rolled_back_change_is_never_relayed_and_relaying_twice_adds_nothing() -> None:
    make_endpoint()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record_event("incidencia.creada", "incidencia:1", {})
        raise ZeroDivisionError
    assert store.relay(timezone.now()) == 0
    record_event("incidencia.creada", "incidencia:2", {})
    assert [store.relay(timezone.now()) for _ in range(2)] == [1, 0]
    OutboxEvent.objects.update(relayed_at=None)
    store.relay(timezone.now())
    assert Delivery.objects.count() == 1


def test_the_filter_of_an_endpoint_and_the_order_of_one_incident() -> None:
    endpoint, _secret = make_endpoint(events=["incidencia.creada", "incidencia.resuelta"], is_ordered=True)
    for event, incident in (("creada", 1), ("cerrada", 1), ("resuelta", 1), ("creada", 2)):
        record_event(f"incidencia.{event}", f"incidencia:{incident}", {"n": incident})
    now = timezone.now()
    store.relay(now)
    first = store.due({endpoint.pk: 9}, [], now)
    assert [(due.event, json.loads(due.payload)["n"]) for due in first] == [
        ("incidencia.creada", 1),
        ("incidencia.creada", 2),
    ]
    Delivery.objects.filter(pk=first[0].id).update(state="delivered")
    assert [due.event for due in store.due({endpoint.pk: 9}, [first[1].id], now)] == ["incidencia.resuelta"]
