"""Deliveries to local receivers beside a bare aiohttp loop; what a dead endpoint among twenty does to the others."""

import asyncio
import socket
import subprocess
import sys
import time
from statistics import median

from ..figures import Figure, percentile
from ..receiver import HOST
from ..servers import Bench

SUITE = "Webhooks"

EVENTS = 400
ENDPOINTS = 10
PACED_ENDPOINTS = 20
PACED_EVENTS = 150
PACED_TURNS = 4
PACED_PAUSE_SECONDS = 0.1


async def _bare(port: int, count: int, at_once: int) -> float:
    """Seconds that a bare aiohttp loop takes for as many requests of the same size."""
    import aiohttp

    numbers, started = iter(range(count)), time.perf_counter()

    async def worker(session: aiohttp.ClientSession) -> None:
        for _ in numbers:
            async with session.post(f"http://{HOST}:{port}/", data=b"x" * 250) as response:
                await response.read()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(worker(session) for _ in range(at_once)))
    return time.perf_counter() - started


async def _ours(total: int) -> float:
    """Seconds from the first look at the outbox to the last recorded delivery."""
    from integrations.webhooks.models import Delivery
    from integrations.webhooks.sender import Sender

    def left() -> bool:
        return Delivery.objects.filter(state="delivered").count() < total

    sender = Sender()
    started = time.perf_counter()
    work = asyncio.create_task(sender.run())
    while await sender._in_database(left):
        await asyncio.sleep(0.05)
    seconds = time.perf_counter() - started
    sender.stop()
    await work
    return seconds


def _endpoints(count: int, port: int, name: str) -> list[int]:
    from integrations.webhooks.models import Endpoint
    from integrations.webhooks.sealing import new_secret, sealed

    url = f"http://{HOST}:{port}/"
    made = [Endpoint(name=f"{name}-{n}", url=url, sealed_secret=sealed(new_secret())) for n in range(count)]
    return [endpoint.pk for endpoint in Endpoint.objects.bulk_create(made)]


def _events(count: int) -> None:
    from prsystem.core.jobs import outbox
    from prsystem.core.models import OutboxEvent

    payload = {"incidencia_id": "1", "numero": "INC-1", "area": "PROD", "version": 1, "resuelto_por": "luis"}
    OutboxEvent.objects.bulk_create(
        [OutboxEvent(event="incidencia.resuelta", resource=f"incidencia:{n}", payload=payload) for n in range(count)]
    )
    outbox.ring()


def _switch_off() -> None:
    from integrations.webhooks.models import Endpoint

    Endpoint.objects.update(state=Endpoint.State.DISABLED, reason=Endpoint.Reason.OPERATOR)


async def _paced(healthy: list[int]) -> float:
    """95th percentile, in ms, of the time from an event to its recorded delivery at the healthy endpoints."""
    from django.db.models import F, FloatField
    from django.db.models.functions import Extract

    from integrations.webhooks.models import Delivery
    from integrations.webhooks.sender import Sender

    mine = Delivery.objects.filter(endpoint_id__in=healthy)
    sender = Sender()
    work = asyncio.create_task(sender.run())
    for _event in range(PACED_EVENTS):
        await sender._in_database(lambda: _events(1))
        await asyncio.sleep(PACED_PAUSE_SECONDS)
    while await sender._in_database(mine.exclude(state="delivered").exists):
        await asyncio.sleep(0.05)
    waited = Extract(F("finished_at") - F("event__created_at"), "epoch", output_field=FloatField())
    seconds = await sender._in_database(lambda: sorted(mine.annotate(s=waited).values_list("s", flat=True)))
    sender.stop()
    await work
    return percentile(seconds, 0.95) * 1000


def _rate(port: int) -> list[Figure]:
    from integrations.webhooks.models import Delivery

    total = EVENTS * ENDPOINTS
    _endpoints(ENDPOINTS, port, f"rate-{time.time_ns()}")
    _events(EVENTS)
    seconds = asyncio.run(_ours(Delivery.objects.filter(state="delivered").count() + total))
    floor = asyncio.run(_bare(port, total, 8 * ENDPOINTS))
    _switch_off()
    rate = "tiempo por entrega, a tope"
    return [Figure(SUITE, rate, 1000 * seconds / total, "ms", 1000 * floor / total, target=2.0)]


def _one_dead(port: int) -> list[Figure]:
    """The same load in turns: twenty that answer, then nineteen and one that takes connections and never answers."""
    with socket.socket() as hung:
        hung.bind((HOST, 0))
        hung.listen(1024)
        dead = hung.getsockname()[1]
        _allow(dead)
        turns = [(_paced_beside(port, None), _paced_beside(port, dead)) for _turn in range(PACED_TURNS)]
    alone, beside = (median(of_turns) for of_turns in zip(*turns, strict=True))
    name = "p95 de 19 destinos junto a uno que no contesta; piso: los 20 contestan"
    return [Figure(SUITE, name, beside, "ms", alone, target_ratio=1.1)]


def _paced_beside(port: int, dead: int | None) -> float:
    """95th percentile in ms of nineteen endpoints at `port`, beside a twentieth at `dead`, or at `port` too."""
    healthy = _endpoints(PACED_ENDPOINTS - 1, port, f"paced-{time.time_ns()}")
    _endpoints(1, dead or port, f"twentieth-{time.time_ns()}")
    try:
        return asyncio.run(_paced(healthy))
    finally:
        _switch_off()


def _allow(port: int) -> None:
    from integrations.webhooks.models import AllowedTarget

    AllowedTarget.objects.create(host=HOST, networks=f"{HOST}/32", ports=str(port))


def run(bench: Bench) -> list[Figure]:
    """500 deliveries a second are 2 ms each."""
    _forget_what_waits()
    receiver = subprocess.Popen([sys.executable, "-m", "bench.receiver"], stdout=subprocess.PIPE, text=True)
    port = int(receiver.stdout.readline())
    _allow(port)
    try:
        return _rate(port) + _one_dead(port)
    finally:
        receiver.terminate()


def _forget_what_waits() -> None:
    """Events of the suites before this one aren't measured."""
    from django.utils import timezone

    from prsystem.core.models import OutboxEvent

    OutboxEvent.objects.filter(relayed_at=None).update(relayed_at=timezone.now())
