"""The console's pages of webhooks, the metrics, and the sender as a process that is killed."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from audit.models import AuditEntry
from integrations.webhooks import services
from integrations.webhooks.models import AllowedTarget, Delivery, Endpoint
from integrations.webhooks.sealing import opened
from prsystem.accounts.models import User
from prsystem.core.outbox import record_event
from tests.integrations.webhooks.receivers import Receiver, answering, make_endpoint
from tests.people import api, browser

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_administrator_makes_tests_and_rotates_an_endpoint(eva: User) -> None:
    client = browser(eva)
    fields = {"name": "erp", "url": "https://erp.example.com/hook", "shape": "standard", "template": ""}
    page = client.post("/admin/integrations/endpoint/add/", fields, follow=True).content.decode()
    endpoint = Endpoint.objects.get()
    secret = opened(endpoint.sealed_secret)
    assert secret.replace("+", "&#x2B;") in page or secret in page
    assert secret.encode() not in bytes(endpoint.sealed_secret)
    assert AuditEntry.objects.get(accion="webhook.created").detalles["url"]["despues"] == "https://erp.example.com/…"
    for action in ("send_test", "rotate_secret", "resend_day", "switch_off", "switch_on"):
        data = {"action": action, "_selected_action": [endpoint.pk]}
        assert client.post("/admin/integrations/endpoint/", data).status_code == 302
    assert Delivery.objects.get().event.event == "prueba"
    endpoint.refresh_from_db()
    assert opened(endpoint.sealed_previous or b"") == secret != opened(endpoint.sealed_secret)
    for model in ("endpoint", "delivery", "deadletter", "allowedtarget"):
        assert client.get(f"/admin/integrations/{model}/").status_code == 200
    assert client.get(f"/admin/integrations/delivery/{Delivery.objects.get().pk}/change/").status_code == 200


def test_others_see_nothing_of_it(luis: User) -> None:
    assert browser(luis).get("/admin/integrations/endpoint/", follow=True).status_code == 403


def test_the_first_endpoints_come_from_the_environment_once(settings: Any) -> None:
    settings.WEBHOOK_SEEDS = {"erp": ("http://127.0.0.1:9123/erp", ""), "mes": ("", "")}
    assert services.endpoints_seed() == ["erp"]
    assert services.endpoints_seed() == []
    assert [(row.host, row.networks, row.ports) for row in AllowedTarget.objects.all()] == [
        ("127.0.0.1", "127.0.0.1", "9123")
    ]


def test_metrics_tell_what_waits() -> None:
    record_event("incidencia.creada", "incidencia:1", {})
    text = api().get("/metrics").content.decode()
    assert "pr_outbox_pending 1.0" in text
    assert "pr_outbox_oldest_seconds" in text


@pytest.fixture
def sender_environment() -> dict[str, str]:
    """The environment of a sender process on the test database."""
    database = connection.settings_dict["NAME"]
    url = f"postgresql://{connection.settings_dict['USER']}@/{database}?host={connection.settings_dict['HOST']}"
    return {**os.environ, "DATABASE_URL": url, "REDIS_URL": settings.REDIS_URL}


def start(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "integrations.webhooks.sender"], env=environment, cwd=settings.BASE_DIR
    )


def delays(times: int) -> Iterator[float]:
    chance = random.Random(7)
    return (chance.uniform(1.0, 3.0) for _ in range(times))


@pytest.mark.parametrize("kills", [3, pytest.param(200, marks=pytest.mark.slow)])
def test_a_killed_sender_loses_nothing(kills: int, sender_environment: dict[str, str]) -> None:
    """Events are written while the sender is killed at random moments; all arrive, each under one id."""

    def report(count: int) -> None:
        for _ in range(count):
            record_event("incidencia.creada", "incidencia:1", {})
        connection.close()

    def pending() -> int:
        waiting = Delivery.objects.exclude(state="delivered").count()
        found = waiting or (0 if Delivery.objects.count() >= 40 * (kills + 1) else 1)
        connection.close()
        return found

    async def main() -> Receiver:
        async with Receiver(answering(200)) as receiver:
            await asyncio.to_thread(lambda: (make_endpoint(port=receiver.port), connection.close()))
            for delay in delays(kills):
                process = start(sender_environment)
                await asyncio.to_thread(report, 40)
                await asyncio.sleep(delay)
                process.send_signal(signal.SIGKILL)
                process.wait()
            process = start(sender_environment)
            await asyncio.to_thread(report, 40)
            deadline = time.monotonic() + 60
            while await asyncio.to_thread(pending) and time.monotonic() < deadline:
                await asyncio.sleep(0.2)
            process.terminate()
            assert process.wait(15) == 0
        return receiver

    receiver = asyncio.run(main())
    sent = {headers["webhook-id"] for headers, _ in receiver.requests}
    assert sent == set(Delivery.objects.filter(state="delivered").values_list("message_id", flat=True))
    assert len(sent) == 40 * (kills + 1)
