"""Worst cases against a running site, and what everybody else notices of them.

    python -m tests.drills.floods http://127.0.0.1:8000

For the demonstration of `make run`. Its row about a model node wants the site to be started with
`OLLAMA_URLS=http://127.0.0.1:11999`, where this program plays the node.
"""

import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from prsystem.demo_accounts import PASSWORD
from prsystem.runner.progress import say
from tests.core.bounds.worst import SHEETS, letters
from tests.standins.hostile import Hostile, http_answer

from .record import Seen, keep_flood

NODE_PORT = 11999
PAGES = 10
FLOOR_SECONDS = 10
ANSWER_SECONDS = 400.0


@dataclass
class Readers:
    """Somebody else, who reads a list all the time."""

    statuses: list[int] = field(default_factory=list)
    slowest: float = 0.0

    def describe(self) -> str:
        failed = sum(status != 200 for status in self.statuses)
        return f"{failed} de {len(self.statuses)} lecturas fallidas, la más lenta {self.slowest:.1f} s"


class Site:
    def __init__(self, address: str) -> None:
        self.address = address
        self.page = httpx.Client(base_url=address, timeout=300, follow_redirects=True)
        form = self.page.get("/entrar").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        given = {"username": "eva", "password": PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
        self.page.post("/entrar", data=given, headers={"Referer": address})
        self.api = self._api("eva")

    def _api(self, name: str) -> httpx.Client:
        given = {"username": name, "password": PASSWORD}
        access = httpx.post(f"{self.address}/api/auth/login", json=given, timeout=60).json()["access"]
        return httpx.Client(base_url=self.address, timeout=300, headers={"Authorization": f"Bearer {access}"})

    @contextmanager
    def readers(self) -> Iterator[Readers]:
        seen, done, client = Readers(), threading.Event(), self._api("luis")

        def read() -> None:
            while not done.is_set():
                started = time.monotonic()
                seen.statuses.append(client.get("/api/incidencias").status_code)
                seen.slowest = max(seen.slowest, time.monotonic() - started)
                time.sleep(0.2)

        thread = threading.Thread(target=read)
        thread.start()
        yield seen
        done.set()
        thread.join()


def differences(site: Site) -> Seen:
    path = _two_versions(site)
    with site.readers() as readers, ThreadPoolExecutor(PAGES) as pool:
        started = time.monotonic()
        statuses = list(pool.map(lambda _n: site.page.get(path).status_code, range(PAGES)))
        seconds = time.monotonic() - started
    good, bad = statuses.count(200), {*statuses} - {200}
    return Seen(
        "diez veces a la vez, la página de diferencias de dos textos de 20.000 letras sin nada en común",
        "diez páginas; los demás leen sin fallas",
        f"{good} de {PAGES} en {seconds:.1f} s {bad or ''}; {readers.describe()}",
        good == PAGES and set(readers.statuses) == {200},
    )


def _two_versions(site: Site) -> str:
    """The page that compares them."""
    title = f"Inundación {uuid4()}"
    text = {"titulo": title, "problema": "x", "area": "PROD", "publicar": True}
    made = site.api.post("/api/conocimiento", json={**text, "solucion": letters(20_000, 1)}).raise_for_status().json()
    case = f"/api/incidencias/{_reported(site, title)}"
    site.api.post(f"{case}/tomar", json={}).raise_for_status()
    lesson = {"solucion": letters(20_000, 2), "articulo": made["articulo"]}
    found = site.api.post(f"{case}/resolver", json=lesson).raise_for_status().json()["conocimiento"]
    return f"/conocimiento/{found['articulo']}/versiones/1.0/{found['version']}"


def workbooks(site: Site) -> Seen:
    statuses: list[int] = []
    with site.readers() as readers:
        for make in SHEETS.values():
            statuses.append(_uploaded(site, make()))
    return Seen(
        f"{len(SHEETS)} libros XLSX hostiles: celdas lejanas, entidades, rotos, que se inflan",
        "cada uno se rechaza con su motivo (422); los demás leen sin fallas",
        f"{statuses.count(422)} de {len(SHEETS)} con 422; {readers.describe()}",
        set(statuses) == {422} and set(readers.statuses) == {200},
    )


def _uploaded(site: Site, content: bytes) -> int:
    token = site.page.cookies.get("prs_csrf") or ""
    files = {"archivo": ("tabla.xlsx", content)}
    headers = {"X-CSRFToken": token, "Referer": site.address}
    return site.page.post("/admin/tablas/areas/revisar/", files=files, headers=headers).status_code


class DrippingNode(Hostile):
    """A node that lists its models like any other, and drips the answer without ever ending a line."""

    def __init__(self) -> None:
        super().__init__(lambda _server, connection: self.play(connection))
        self._listener.close()
        self._listener = socket.create_server(("127.0.0.1", NODE_PORT))
        self.chats = 0

    def play(self, connection: socket.socket) -> None:
        while not self.ended.is_set():
            head = self.head(connection)
            if b"/api/chat" in head:
                self.chats += 1
                self.say(
                    connection, b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n"
                )
                while not self.ended.is_set():
                    self.say(connection, b" ")
                    time.sleep(0.5)
            body = (
                b'{"models": [{"name": "qwen3:4b", "digest": "d", "capabilities": ["completion"]}], "version": "0.18"}'
            )
            self.say(connection, http_answer(body, "Content-Type: application/json"))


def dripping_node(site: Site) -> Seen:
    node = DrippingNode()
    threading.Thread(target=node.serve, daemon=True).start()
    time.sleep(20)  # until the site has looked at its nodes again
    title = "La banda transportadora patina al arrancar con carga"
    reports = [_reported(site, f"{title} {number}") for number in range(4)]
    started = time.monotonic()
    with site.readers() as readers:
        answered = _all_answered(site, reports)
    seconds = time.monotonic() - started
    node.stop()
    return Seen(
        "un nodo de modelo gotea espacios sin acabar una línea; cuatro reportes",
        "cada reporte recibe su propuesta de un peldaño más abajo; los demás leen sin fallas",
        f"{answered} de 4 propuestas en {seconds:.0f} s, {node.chats} conversaciones con el nodo; {readers.describe()}",
        answered == 4 and node.chats > 0 and set(readers.statuses) == {200},
    )


def _reported(site: Site, title: str) -> str:
    given = {"titulo": title, "descripcion": title, "area": "PROD"}
    return str(site.api.post("/api/incidencias", json=given).raise_for_status().json()["id"])


def _all_answered(site: Site, reports: list[str]) -> int:
    ends_at, waiting = time.monotonic() + ANSWER_SECONDS, set(reports)
    while waiting and time.monotonic() < ends_at:
        for pk in sorted(waiting):
            state = site.api.get(f"/api/incidencias/{pk}/sugerencia").json().get("estado")
            if state in ("lista", "sin_respuesta", "fallida"):
                waiting.discard(pk)
        time.sleep(1)
    return len(reports) - len(waiting)


FLOODS: dict[str, Callable[[Site], Seen]] = {
    "diferencias": differences,
    "libros": workbooks,
    "nodo-que-gotea": dripping_node,
}


def main() -> int:
    site = Site(sys.argv[1])
    with site.readers() as readers:
        time.sleep(FLOOR_SECONDS)
    floor = readers.describe()
    say(f"sin falla: {floor}")
    held = True
    for name in sys.argv[2:] or FLOODS:
        seen = FLOODS[name](site)
        keep_flood(name, seen, floor)
        say(f"{name}: {seen.seen}: {'sí' if seen.held else 'NO'}")
        held = held and seen.held
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
