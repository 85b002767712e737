"""The console's pages of webhooks, the metrics, and the sender as a process that is killed."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.db import connection, transaction

from audit.models import AuditEntry
from integrations.webhooks import services
from integrations.webhooks.models import AllowedTarget, Attempt, Delivery, Endpoint
from integrations.webhooks.sealing import opened
from integrations.webhooks.sender import Sender
from prsystem.accounts.models import User
from prsystem.core.context import SYSTEM
from prsystem.core.jobs import outbox
from prsystem.core.jobs.outbox import record_event
from prsystem.runner.endpoints import free_port
from prsystem.runner.servers import valkey
from tests.integrations.webhooks.receivers import Receiver, answering, make_endpoint, turn
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


UNDONE = "INC-DESHECHA"


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
        with suppress(TimeoutError), transaction.atomic():
            record_event("incidencia.creada", "incidencia:1", {"numero": UNDONE})
            raise TimeoutError
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
    assert not any(UNDONE.encode() in body for _, body in receiver.requests)


async def gigabyte(writer: asyncio.StreamWriter) -> None:
    """200 OK and then a gigabyte, as fast as it is taken."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
    for _ in range(16384):
        writer.write(b"x" * 65536)
        await writer.drain()


@pytest.mark.slow
def test_gigabytes_in_answers_leave_the_memory_of_the_sender_flat(sender_environment: dict[str, str]) -> None:
    async def main() -> list[int]:
        async with Receiver(gigabyte) as receiver:
            await asyncio.to_thread(lambda: (make_endpoint(port=receiver.port), connection.close()))
            process = start(sender_environment)
            seen = [await _delivered_then_memory(process.pid, events) for events in (5, 55)]
            process.terminate()
            assert process.wait(15) == 0
            return seen

    before, after = asyncio.run(main())
    assert after - before < 20 * 1024 * 1024


async def byte_a_second(writer: asyncio.StreamWriter) -> None:
    """200 OK and then a byte a second, for longer than the deadline."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(60):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(1)


@pytest.mark.slow
def test_answers_of_a_byte_a_second_end_at_the_deadline_with_memory_flat(sender_environment: dict[str, str]) -> None:
    def prepare(port: int) -> None:
        make_endpoint(port=port)
        for _ in range(200):
            record_event("incidencia.creada", "incidencia:1", {})
        connection.close()

    def counted(number: int) -> Callable[[], bool]:
        def waits() -> bool:
            found = Attempt.objects.count() < number
            connection.close()
            return found

        return waits

    async def main() -> tuple[int, int, int]:
        async with Receiver(byte_a_second) as receiver:
            process = start(sender_environment)
            await asyncio.to_thread(prepare, receiver.port)
            while not receiver.connections:
                await asyncio.sleep(0.1)
            before = psutil.Process(process.pid).memory_info().rss
            await _until(counted(5))
            after = psutil.Process(process.pid).memory_info().rss
            process.terminate()
            assert process.wait(45) == 0
            return before, after, receiver.connections

    before, after, connections = asyncio.run(main())
    assert after - before < 20 * 1024 * 1024
    assert set(Attempt.objects.values_list("result", "status")) == {("unreachable", None)}
    assert connections < 100, "a failing endpoint gets few at a time"


async def _delivered_then_memory(pid: int, events: int) -> int:
    """Bytes that the process holds once so many events have been delivered."""

    def step() -> bool:
        missing = events - Delivery.objects.count()
        for _ in range(missing):
            record_event("incidencia.creada", "incidencia:1", {})
        waits = Delivery.objects.filter(state="delivered").count() < events
        connection.close()
        return waits

    await _until(step)
    return psutil.Process(pid).memory_info().rss


async def _until(waits: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while await asyncio.to_thread(waits):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)


def test_a_redis_that_loses_everything_delays_nothing_for_long(
    sender_environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doorbell dies with its data, events go on, the doorbell comes back empty: all arrive."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    monkeypatch.setattr(settings, "REDIS_URL", url)
    outbox._bell.cache_clear()

    def report() -> None:
        for _ in range(20):
            record_event("incidencia.creada", "incidencia:1", {})
        connection.close()

    def waits_for(count: int) -> Callable[[], bool]:
        def waits() -> bool:
            found = Delivery.objects.filter(state="delivered").count() < count
            connection.close()
            return found

        return waits

    async def main() -> None:
        async with Receiver(answering(200)) as receiver:
            await asyncio.to_thread(lambda: (make_endpoint(port=receiver.port), connection.close()))
            doorbell = valkey_at(port, tmp_path)
            process = start({**sender_environment, "REDIS_URL": url})
            for count in (20, 40, 60):
                await asyncio.to_thread(report)
                await _until(waits_for(count))
                if count == 20:
                    doorbell.kill()
                    doorbell.wait()
                else:
                    doorbell = valkey_at(port, tmp_path)
            process.terminate()
            assert process.wait(15) == 0
            doorbell.kill()
            doorbell.wait()

    try:
        asyncio.run(main())
    finally:
        outbox._bell.cache_clear()
    assert Delivery.objects.filter(state="delivered").count() == 60


def valkey_at(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """An empty server that keeps nothing."""
    command = [str(valkey.binary()), "--port", str(port), "--save", "", "--dir", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def turned(handler: Any, *, allowed: bool = True) -> tuple[int, int]:
    """The delivery of a test that was sent once, and the receiver's connections."""

    async def main() -> tuple[int, int]:
        async with Receiver(handler) as receiver:
            sender = Sender()
            try:
                pk = await asyncio.to_thread(_asked, receiver.port, allowed)
                await turn(sender)
            finally:
                await sender._close()
        return pk, receiver.connections

    return asyncio.run(main())


def _asked(port: int, allowed: bool) -> int:
    endpoint, _secret = make_endpoint("erp", port, allowed)
    test = services.endpoint_test(actor=SYSTEM, endpoint_id=endpoint.pk)
    connection.close()
    return test.pk


def test_the_page_of_a_test_tells_what_came_of_it(eva: User, luis: User) -> None:
    pk, _count = turned(answering(503, body=b"<h1>en\x00 mantenimiento</h1>\r\nhoy"))
    page = browser(eva).get(f"/admin/integrations/endpoint/prueba/?entrega={pk}").content.decode()
    assert "HTTP 503" in page
    assert "&lt;h1&gt;en mantenimiento&lt;/h1&gt; hoy" in page
    told = api(eva).get(f"/api/webhooks/entregas/{pk}").json()["registro"]
    assert [(row["estado_http"], row["respuesta"]) for row in told] == [(503, "<h1>en mantenimiento</h1> hoy")]
    assert browser(luis).get("/admin/integrations/endpoint/prueba/", follow=True).status_code == 403


def test_the_page_of_a_test_says_why_an_address_was_refused(eva: User) -> None:
    pk, connections = turned(answering(200), allowed=False)
    page = browser(eva).get(f"/admin/integrations/endpoint/prueba/?entrega={pk}&entrega=x&entrega=").content.decode()
    assert connections == 0
    assert "dirección privada sin permiso" in page
    assert "Una dirección privada tiene que permitirse antes" in page


def test_the_page_of_a_test_advises_no_allowance_where_none_helps(eva: User) -> None:
    pk, _connections = turned(answering(200), allowed=False)
    Attempt.objects.update(error="the address is never allowed")
    page = browser(eva).get(f"/admin/integrations/endpoint/prueba/?entrega={pk}").content.decode()
    assert "dirección que no se permite nunca" in page
    assert "tiene que permitirse antes" not in page


def test_the_page_of_a_test_that_nobody_sends_yet(eva: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.webhooks.admin.WAIT_SECONDS", 0.3)
    endpoint, _secret = make_endpoint()
    data = {"action": "send_test", "_selected_action": [endpoint.pk]}
    page = browser(eva).post("/admin/integrations/endpoint/", data, follow=True).content.decode()
    assert '<a href="">' in page
    Endpoint.objects.update(state="disabled", reason="operator")
    test = Delivery.objects.get()
    off = browser(eva).get(f"/admin/integrations/endpoint/prueba/?entrega={test.pk}").content.decode()
    assert '<a href="">' not in off
