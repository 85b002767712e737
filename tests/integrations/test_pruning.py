"""The hourly clean-up: finished traffic goes after the days of the setting; what waits or failed stays."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from integrations.mail.models import InboundMail, OutgoingMail
from integrations.pruning import KEPT_SETTING
from integrations.webhooks.models import Attempt, Delivery, Endpoint
from prsystem.accounts.models import User
from prsystem.core.jobs import pruning
from prsystem.core.models import Job, OutboxEvent
from prsystem.runtime.services import setting_set
from tests.integrations.webhooks.receivers import make_endpoint
from tests.people import actor

pytestmark = pytest.mark.django_db
OLD, RECENT = timedelta(days=91), timedelta(days=89)
KINDS = (Delivery, OutboxEvent, Job, OutgoingMail, InboundMail)


def make_delivery(endpoint: Endpoint, at: datetime, state: str = "delivered") -> Delivery:
    event = OutboxEvent.objects.create(event="incidencia.creada", resource="incidencia:1", relayed_at=at)
    delivery = Delivery.objects.create(
        event=event,
        endpoint=endpoint,
        message_id=f"msg_{event.pk}",
        resource="incidencia:1",
        state=state,
        created_at=at,
        finished_at=None if state == "pending" else at,
        next_attempt_at=at,
    )
    Attempt.objects.create(delivery=delivery, number=1, result="delivered", status=200, duration_ms=5, at=at)
    return delivery


def make_rest(at: datetime) -> None:
    """One finished row of each other kind, and one that waits or failed."""
    name = f"{at:%j}"
    OutboxEvent.objects.create(event="incidencia.creada", resource=name, relayed_at=at)
    OutboxEvent.objects.create(event="incidencia.creada", resource=name)
    for state, finished_at in (("done", at), ("parked", at), ("pending", None)):
        Job.objects.create(kind="mail.send", state=state, run_at=at, finished_at=finished_at)
    for state, sent_at in (("enviado", at), ("retenido", None), ("fallido", None)):
        OutgoingMail.objects.create(
            key=name + state, message_id=name + state, recipient="a@planta.mx", state=state, sent_at=sent_at
        )
    for state in ("procesado", "recibido"):
        mail = InboundMail.objects.create(message_id=name + state, state=state)
        InboundMail.objects.filter(pk=mail.pk).update(received_at=at)


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in KINDS}


def test_finished_traffic_goes_after_ninety_days_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 1)  # several transactions of each kind
    now, endpoint = timezone.now(), make_endpoint()[0]
    kept = [make_delivery(endpoint, now - RECENT), make_delivery(endpoint, now - OLD, "pending")]
    for state in ("delivered", "dead"):
        make_delivery(endpoint, now - OLD, state)
    for age in (OLD, RECENT):
        make_rest(now - age)
    before = counts()
    removed = pruning.stale_remove()
    assert {name: removed[name] for name in before} == {
        "integrations.Delivery": 2,
        "core.OutboxEvent": 3,
        "core.Job": 1,
        "integrations.OutgoingMail": 1,
        "integrations.InboundMail": 1,
    }
    assert counts() == {name: count - removed[name] for name, count in before.items()}
    assert set(Delivery.objects.all()) == set(kept)
    assert Attempt.objects.count() == 2
    assert sum(pruning.stale_remove().values()) == 0


def test_the_days_are_a_setting(eva: User) -> None:
    delivery = make_delivery(make_endpoint()[0], timezone.now() - timedelta(days=20))
    pruning.stale_remove()
    assert Delivery.objects.filter(pk=delivery.pk).exists()
    setting_set(actor=actor(eva), key=KEPT_SETTING, value=14)
    pruning.stale_remove()
    assert not Delivery.objects.filter(pk=delivery.pk).exists()
    assert not OutboxEvent.objects.filter(pk=delivery.event_id).exists()
