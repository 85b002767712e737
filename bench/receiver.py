"""A receiver of webhooks in a process of its own, which answers 204 to everything: `python -m bench.receiver`."""

import asyncio

from aiohttp import web

HOST = "127.0.0.1"


async def _answer(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(status=204)


async def _serve() -> None:
    app = web.Application()
    app.router.add_post("/", _answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
