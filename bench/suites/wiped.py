"""Chroma killed and its data thrown away while people search: what they get, and what a repair brings back."""

import http.client
import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from integrations.chroma import collection_open
from knowledge.models import IndexGeneration
from prsystem.runner.endpoints import LOOPBACK

from ..figures import Figure, percentile
from ..people import token_headers
from ..servers import Bench
from .indexed import knowledge_indexed

SUITE = "Chroma perdida"
REFERENCES = 50
SEARCHERS = 2
SECONDS = 2.0  # of searching with Chroma gone, and again with an empty one
LIMIT_MS = 1000
TRIES = 5
PATH = "/api/conocimiento/buscar?limite=10&query="


@dataclass
class Seen:
    """What the searchers got: times in ms, how many by text alone, and whatever wasn't a good answer."""

    times: list[float] = field(default_factory=list)
    by_text: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, status: int, answer: dict[str, Any], began: float) -> None:
        self.times.append(1000 * (time.perf_counter() - began))
        self.by_text += answer.get("modo") == "texto"
        if status != http.HTTPStatus.OK or not answer.get("resultados"):
            self.failed.append(f"{status}: {str(answer)[:100]}")


def run(bench: Bench) -> list[Figure]:
    bench.models()
    knowledge_indexed()
    queries = _queries()
    count_before, hits_before = _count(), [_hits(bench, text) for text in queries]
    seen = Seen()
    with _searching(bench, queries, seen):
        time.sleep(SECONDS)
        bench.kill("chroma")
        shutil.rmtree(bench.layout.chroma)
        time.sleep(SECONDS)
        bench.models()
        time.sleep(SECONDS)
        began = time.perf_counter()
        knowledge_indexed()
        rebuilt_seconds = time.perf_counter() - began
        time.sleep(SECONDS)
    hits_after = [_hits(bench, text) for text in queries]
    pairs = list(zip(queries, hits_before, hits_after, strict=True))
    for text, before, after in pairs:
        if before != after:
            print(f"«{text}»\n  antes   {before}\n  después {after}", flush=True)
    same = sum(before == after for _text, before, after in pairs)
    return [
        Figure(SUITE, f"búsquedas con {SEARCHERS} personas a la vez", len(seen.times), ""),
        Figure(SUITE, "sin respuesta o vacías", len(seen.failed), "", target=0),
        Figure(SUITE, "contestadas por texto, y dicho", seen.by_text, ""),
        Figure(SUITE, "búsqueda: p95", percentile(seen.times, 0.95), "ms"),
        Figure(SUITE, "búsqueda: la más lenta", max(seen.times), "ms", target=LIMIT_MS),
        Figure(SUITE, f"reparación de {count_before} vectores", rebuilt_seconds, "s"),
        Figure(SUITE, "vectores de más o de menos tras la reparación", abs(_count() - count_before), "", target=0),
        Figure(SUITE, f"consultas con otros resultados, de {len(queries)}", len(queries) - same, "", target=0),
    ]


def _queries() -> list[str]:
    """Beginnings of the problems of articles: what people type."""
    from knowledge.models import Article

    articles = Article.objects.exclude(current=None).order_by("pk").select_related("current")
    problems = dict.fromkeys(" ".join(a.current.problem.split()[:9]) for a in articles if a.current)
    return [text for text in problems if text][:REFERENCES]


def _count() -> int:
    return collection_open(IndexGeneration.objects.get(is_active=True).collection).count()


def _hits(bench: Bench, text: str) -> tuple[str, list[str]]:
    """What is found by meaning too: on a busy machine an answer may be by text, and say so, which is asked again."""
    for _try in range(TRIES):
        mode, found = _answer(bench, text)
        if mode != "texto":
            break
        time.sleep(1.0)
    return mode, found


def _answer(bench: Bench, text: str) -> tuple[str, list[str]]:
    connection = http.client.HTTPConnection(LOOPBACK, bench.web.port, timeout=10)
    try:
        _status, answer = _asked(connection, token_headers("marta"), text)
    finally:
        connection.close()
    return answer["modo"], [hit["articulo"] for hit in answer["resultados"]]


def _asked(connection: http.client.HTTPConnection, headers: dict[str, str], text: str) -> tuple[int, dict[str, Any]]:
    connection.request("GET", PATH + quote(text), headers=headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


@contextmanager
def _searching(bench: Bench, queries: list[str], seen: Seen) -> Iterator[None]:
    """People who search one after the other while the block runs."""
    stop, headers, port = threading.Event(), token_headers("marta"), bench.web.port
    threads = [
        threading.Thread(target=partial(_searches, port, headers, queries[n:] + queries[:n], seen, stop))
        for n in range(SEARCHERS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _searches(port: int, headers: dict[str, str], queries: list[str], seen: Seen, stop: threading.Event) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    turn = 0
    while not stop.is_set():
        began = time.perf_counter()
        status, answer = _asked(connection, headers, queries[turn % len(queries)])
        seen.add(status, answer, began)
        turn += 1
    connection.close()
