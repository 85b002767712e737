"""Deliveries per second to local receivers, beside a bare aiohttp loop in the same run: `python -m bench.webhooks`.

Needs a migrated, empty scratch database in DATABASE_URL and REDIS_URL; it leaves its rows there.
"""

import asyncio
import multiprocessing
import os
import time
from typing import Any

EVENTS = 400
ENDPOINTS = 10
HOST = "127.0.0.1"


def _receive(port: Any) -> None:
    """A receiver process that answers 204 to everything."""
    from aiohttp import web

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=204)

    async def serve() -> None:
        app = web.Application()
        app.router.add_post("/", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, HOST, 0)
        await site.start()
        port.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(serve())


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


def run() -> list[dict[str, Any]]:
    """One row per figure: name, value, unit."""
    from django.utils import timezone

    from integrations.webhooks.models import AllowedTarget, Delivery, Endpoint
    from integrations.webhooks.sealing import new_secret, sealed
    from prsystem.core.models import OutboxEvent

    ours, theirs = multiprocessing.Pipe()
    receiver = multiprocessing.get_context("spawn").Process(target=_receive, args=(theirs,), daemon=True)
    receiver.start()
    port, stamp, total = ours.recv(), int(timezone.now().timestamp()), EVENTS * ENDPOINTS
    AllowedTarget.objects.create(host=HOST, networks=f"{HOST}/32", ports=str(port))
    for number in range(ENDPOINTS):
        url = f"http://{HOST}:{port}/"
        Endpoint.objects.create(name=f"bench-{stamp}-{number}", url=url, sealed_secret=sealed(new_secret()))
    payload = {"incidencia_id": "1", "numero": "INC-1", "area": "PROD", "version": 1, "resuelto_por": "luis"}
    OutboxEvent.objects.bulk_create(
        [OutboxEvent(event="incidencia.resuelta", resource=f"incidencia:{n}", payload=payload) for n in range(EVENTS)]
    )
    before = Delivery.objects.filter(state="delivered").count()
    seconds = asyncio.run(_ours(before + total))
    floor = asyncio.run(_bare(port, total, 8 * ENDPOINTS))
    receiver.terminate()
    return [
        {"name": "webhook deliveries", "value": round(total / seconds), "unit": "per second"},
        {"name": "bare aiohttp loop", "value": round(total / floor), "unit": "per second"},
        {"name": "ratio to the bare loop", "value": round(floor / seconds, 3), "unit": ""},
    ]


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")
    django.setup()
    for row in run():
        print(f"{row['name']:30} {row['value']:>10} {row['unit']}")
