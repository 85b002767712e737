"""Drills of what holds on: clients that are never done, and a database that neither answers nor goes away."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx

from deploy.cluster.site import BACKENDS
from tests.standins.slow_clients import KINDS, flood

from .record import Seen
from .rig import Rig

ASKED = ("/api/health", "/entrar")
TIMES_ASKED = 10
PATIENCE_SECONDS = 20.0
ENDED_SECONDS = 120.0
AGAIN_SECONDS, MOST_SECONDS = 90.0, 45


def slow_clients(rig: Rig, counts: tuple[int, ...] = (24, 100, 500)) -> Seen:
    """Against one backend without nginx in front, as in `make run`: 4 threads."""
    seen, held = flooded(rig.site.ports[BACKENDS[0]], counts)
    fault = f"{', '.join(map(str, counts))} conexiones de {len(KINDS)} clases que no acaban nunca, sin nginx delante"
    expected = "mientras duran, vida y página contestan 200 siempre; el servidor las termina todas"
    return Seen(fault, expected, seen, held)


def flooded(port: int, counts: tuple[int, ...]) -> tuple[str, bool]:
    """What was seen, and whether it is as expected."""
    told, held = [], True
    for count in counts:
        good, slowest, left = 0, 0.0, 0
        for kind in KINDS:
            with flood(kind, count, port) as one:
                time.sleep(1)
                answers = [_ask(f"http://127.0.0.1:{port}{path}") for path in ASKED for _each in range(TIMES_ASKED)]
                good += sum(status == 200 for status, _seconds in answers)
                slowest = max(slowest, *(seconds for _status, seconds in answers))
                left += one.wait_until_ended(ENDED_SECONDS)
        asked = len(KINDS) * len(ASKED) * TIMES_ASKED
        told.append(f"{count}: {good} de {asked} respuestas 200, la más lenta {slowest:.1f} s, {left} sin terminar")
        held = held and good == asked and not left
    return "; ".join(told), held


def database_hangs(rig: Rig) -> Seen:
    """The primary and Patroni stand still: connections stay open and nothing is answered, until another takes over."""
    with rig.client("eva") as one, rig.server_hung(rig.primary()):
        live, answers = held_database(one)
        again = rig.wait(lambda: rig.is_ready(BACKENDS[0]), AGAIN_SECONDS)
    slowest = max(seconds for _status, seconds in answers)
    statuses = sorted({status for status, _seconds in answers})
    seen = (
        f"vida {live} de {TIMES_ASKED}; {len(answers)} peticiones: {statuses}, la más lenta {slowest:.1f} s; "
        f"listo {again:.0f} s después"
    )
    expected = (
        f"la vida contesta siempre; cada petición recibe 503 (o 200, si ya hay otro primario) y devuelve su hilo, "
        f"ninguna espera más de {MOST_SECONDS} s; listo otra vez en {AGAIN_SECONDS:.0f} s"
    )
    held = live == TIMES_ASKED and slowest <= MOST_SECONDS and again < AGAIN_SECONDS
    held = held and 503 in statuses and set(statuses) <= {200, 503}
    return Seen("el primario de PostgreSQL se queda colgado (SIGSTOP)", expected, seen, held)


def held_database(one: httpx.Client, requests: int = 24) -> tuple[int, list[tuple[int, float]]]:
    """How often the live probe answered meanwhile, and what `requests` of somebody signed in were answered."""
    with ThreadPoolExecutor(requests) as pool:
        asked = [pool.submit(_timed, partial(one.get, "/api/incidencias", timeout=90.0)) for _each in range(requests)]
        life = partial(one.get, "/api/health", timeout=PATIENCE_SECONDS)
        live = sum(_timed(life)[0] == 200 for _each in range(TIMES_ASKED))
        return live, [answer.result() for answer in asked]


def _ask(url: str) -> tuple[int, float]:
    return _timed(partial(httpx.get, url, timeout=PATIENCE_SECONDS, trust_env=False))


def _timed(call: Callable[[], httpx.Response]) -> tuple[int, float]:
    """The status, 0 for none, and how long it took."""
    began = time.monotonic()
    try:
        status = call().status_code
    except httpx.HTTPError:
        status = 0
    return status, time.monotonic() - began
