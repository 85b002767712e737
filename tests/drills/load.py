"""Mixed load at a steady rate through nginx, as several people from several addresses, and what became of it."""

import asyncio
import random
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

import aiohttp

from prsystem.demo_accounts import PASSWORD

PEOPLE = ("ana", "luis", "marta", "ivan", "eva")
SECONDS = 20
# Share of each kind of request.
MIX = {"lista": 45, "detalle": 25, "pagina": 10, "reporte": 20}
READING = {kind: share for kind, share in MIX.items() if kind != "reporte"}


@dataclass(frozen=True)
class Outcome:
    at: float
    kind: str
    status: int  # 0: no answer
    seconds: float
    reason: str = ""

    @property
    def failed(self) -> bool:
        return self.status not in (200, 201)


@dataclass
class Account:
    """All that was asked and answered; `acknowledged` are the titles of reports that were answered with 201."""

    started_at: float = field(default_factory=time.monotonic)
    ended_at: float = 0.0
    outcomes: list[Outcome] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)

    @property
    def failures(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.failed]

    @property
    def rate(self) -> float:
        return len(self.outcomes) / max((self.ended_at or time.monotonic()) - self.started_at, 0.001)

    def share_failed(self) -> float:
        return len(self.failures) / max(len(self.outcomes), 1)

    def longest_gap_in_writes(self) -> float:
        """The longest time in which no report was accepted although some were sent."""
        moments = [o.at + o.seconds for o in self.outcomes if o.kind == "reporte" and o.status == 201]
        moments = [self.started_at, *sorted(moments)]
        return max((later - earlier for earlier, later in pairwise(moments)), default=0.0)

    def quantile(self, share: float) -> float:
        found = sorted(outcome.seconds for outcome in self.outcomes if not outcome.failed)
        return found[min(int(len(found) * share), len(found) - 1)] if found else 0.0

    def describe(self) -> str:
        kinds: dict[str, int] = {}
        for outcome in self.failures:
            name = f"{outcome.kind} {outcome.status or outcome.reason}"
            kinds[name] = kinds.get(name, 0) + 1
        told = (
            f"{len(self.failures)} de {len(self.outcomes)} fallidas, {self.rate:.0f}/s, p95 {self.quantile(0.95):.2f} s"
        )
        return told + (f" ({', '.join(f'{n}×{name}' for name, n in sorted(kinds.items()))})" if kinds else "")


class Load:
    """`with Load(address, ca_file, rate=60) as account:` sends until the block ends, in a thread of its own."""

    _numbers = count(1)

    def __init__(self, address: str, ca_file: str, *, rate: float, mix: dict[str, int] | None = None) -> None:
        self.address, self.rate, self.mix = address, rate, mix or MIX
        self.tls = ssl.create_default_context(cafile=ca_file)
        self.account = Account()
        self.run = f"{int(time.time())}-{next(self._numbers)}"
        self.stopping = threading.Event()
        self.ready = threading.Event()
        self.error: BaseException | None = None
        self.known: list[str] = []

    def __enter__(self) -> Account:
        self.thread = threading.Thread(target=self._in_thread, daemon=True)
        self.thread.start()
        if not self.ready.wait(60) or self.error:
            raise RuntimeError("the load didn't start") from self.error
        return self.account

    def __exit__(self, *_exception: object) -> None:
        self.stopping.set()
        self.thread.join(60)
        self.account.ended_at = time.monotonic()

    def _in_thread(self) -> None:
        try:
            asyncio.run(self._main())
        except (aiohttp.ClientError, OSError, KeyError, ValueError, TimeoutError) as error:  # told to who waits
            self.error = error
            self.ready.set()

    async def _main(self) -> None:
        people = [await self._person(number, name) for number, name in enumerate(PEOPLE)]
        try:
            self.account.started_at = time.monotonic()
            self.ready.set()
            await self._send_until_stopped(people)
        finally:
            for session, _token in people:
                await session.close()

    async def _person(self, number: int, name: str) -> tuple[aiohttp.ClientSession, str]:
        """A session from an address of its own (limits are by address), signed in to the API and to the pages."""
        connector = aiohttp.TCPConnector(ssl=self.tls, local_addr=(f"127.0.0.{number + 2}", 0), limit=30)
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        jar = aiohttp.CookieJar(unsafe=True)
        session = aiohttp.ClientSession(self.address, connector=connector, timeout=timeout, cookie_jar=jar)
        async with session.post("/api/auth/login", json={"username": name, "password": PASSWORD}) as answer:
            token = (await answer.json())["access"]
        async with session.get("/api/incidencias?limite=50", headers={"Authorization": f"Bearer {token}"}) as answer:
            self.known += [row["id"] for row in (await answer.json())["resultados"]] if name == "eva" else []
        return session, token

    async def _send_until_stopped(self, people: list[tuple[aiohttp.ClientSession, str]]) -> None:
        tasks: set[asyncio.Task[None]] = set()
        kinds, weights = list(self.mix), list(self.mix.values())
        due = time.monotonic()
        while not self.stopping.is_set():
            session, token = random.choice(people)
            task = asyncio.create_task(self._send(session, token, random.choices(kinds, weights)[0]))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            due = max(due + 1 / self.rate, time.monotonic() - 1)  # a pause of this machine isn't caught up with a burst
            await asyncio.sleep(max(due - time.monotonic(), 0))
        if tasks:
            await asyncio.wait(tasks, timeout=SECONDS)

    async def _send(self, session: aiohttp.ClientSession, token: str, kind: str) -> None:
        start, reason = time.monotonic(), ""
        try:
            status = await self._kinds[kind](self, session, {"Authorization": f"Bearer {token}"})
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            status, reason = 0, type(error).__name__
        self.account.outcomes.append(Outcome(start, kind, status, time.monotonic() - start, reason))

    async def _get(self, session: aiohttp.ClientSession, path: str, headers: dict[str, str]) -> int:
        async with session.get(path, headers=headers, allow_redirects=False) as answer:
            await answer.read()
            return answer.status

    async def _list(self, session: aiohttp.ClientSession, headers: dict[str, str]) -> int:
        return await self._get(session, "/api/incidencias?estado=abierto&limite=25", headers)

    async def _detail(self, session: aiohttp.ClientSession, headers: dict[str, str]) -> int:
        status = await self._get(session, f"/api/incidencias/{random.choice(self.known)}", headers)
        return 200 if status == 404 else status  # of another area

    async def _page(self, session: aiohttp.ClientSession, headers: dict[str, str]) -> int:
        return await self._get(session, "/entrar", {})

    async def _report(self, session: aiohttp.ClientSession, headers: dict[str, str]) -> int:
        title = f"Simulacro {self.run} {next(self._numbers)}"
        body = {"titulo": title, "descripcion": "La línea no arranca.", "area": "PROD"}
        async with session.post("/api/incidencias", json=body, headers={**headers, "Idempotency-Key": title}) as answer:
            content: dict[str, Any] = await answer.json()
            if answer.status == 201:
                self.account.acknowledged[title] = content["id"]
            return answer.status

    _kinds: dict[str, Callable[..., Any]] = {
        "lista": _list,
        "detalle": _detail,
        "pagina": _page,
        "reporte": _report,
    }
