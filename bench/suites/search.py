"""Search of knowledge in this process: the whole, and its parts by words, by meaning, and the embedding call."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection

from integrations.chroma import collection_open
from knowledge.models import IndexGeneration
from knowledge.retrieval.lexical import search_statement
from knowledge.services.embedding import vectors_of
from knowledge.services.search import CANDIDATES, knowledge_search
from prsystem.accounts.models import User

from ..figures import Figure, percentile
from ..servers import Bench
from .indexed import articles_up_to, knowledge_indexed

SUITE = "Búsqueda"
LARGE = 10_000
TURNS = 12
CPU_TARGET_MS = 25
P95_TARGET_MS = 60
SECONDS = 5.0
QUERIES = (
    "la prensa hidráulica no llega a la presión",
    "alarma E-4012 en el panel",
    "la impresora de etiquetas no imprime el código de barras",
    "se pierde la red inalámbrica en el almacén",
    "pieza fuera de tolerancia después del cambio de turno",
)


@dataclass
class Timed:
    """Wall and CPU times of this process in ms."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, work: Callable[[], object]) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        self.cpu.append(1000 * (time.process_time() - cpu))
        self.wall.append(1000 * (time.perf_counter() - wall))


def run(bench: Bench) -> list[Figure]:
    bench.models()
    knowledge_indexed()
    figures = _measured("artículos de la demostración")
    articles_up_to(LARGE)
    return figures + _measured(f"{LARGE} artículos")


def _measured(label: str) -> list[Figure]:
    parts = {name: Timed() for name in ("whole", "lexical", "dense", "embedding")}
    rights = User.objects.get(username="luis").rights
    collection = collection_open(IndexGeneration.objects.get(is_active=True).collection)
    for turn in range(TURNS + 1):
        for text in QUERIES:
            into = parts if turn else {name: Timed() for name in parts}  # the first turn warms up
            vector = _vector(text)
            into["embedding"].add(lambda text=text: _vector(text))
            into["dense"].add(lambda vector=vector: collection.query(vector, CANDIDATES, deadline_seconds=SECONDS))
            into["lexical"].add(lambda text=text: _lexical(text))
            into["whole"].add(lambda text=text: knowledge_search(rights=rights, text=text))
    return _figures(label, parts)


def _vector(text: str) -> list[float]:
    return vectors_of([text], languages=["es"], role="query", seconds=SECONDS)[0]


def _lexical(text: str) -> None:
    """The plain SQL: the floor of a search."""
    with connection.cursor() as cursor:
        cursor.execute(*search_statement(text, lang="es", limit=CANDIDATES))
        cursor.fetchall()


def _figures(label: str, parts: dict[str, Timed]) -> list[Figure]:
    floor, whole = parts["lexical"], parts["whole"]
    vector = percentile(parts["embedding"].wall, 0.5)
    own = percentile(whole.wall, 0.95) - vector
    return [
        Figure(SUITE, f"{label}: p50", percentile(whole.wall, 0.5), "ms", percentile(floor.wall, 0.5)),
        Figure(SUITE, f"{label}: p95", percentile(whole.wall, 0.95), "ms", percentile(floor.wall, 0.95)),
        Figure(SUITE, f"{label}: p95 menos la mediana del vector", own, "ms", target=P95_TARGET_MS),
        Figure(
            SUITE,
            f"{label}: CPU del proceso web",
            sum(whole.cpu) / len(whole.cpu),
            "ms",
            sum(floor.cpu) / len(floor.cpu),
            target=CPU_TARGET_MS,
        ),
        Figure(SUITE, f"{label}: por palabras (SQL), p50", percentile(floor.wall, 0.5), "ms"),
        Figure(SUITE, f"{label}: por significado (Chroma), p50", percentile(parts["dense"].wall, 0.5), "ms"),
        Figure(SUITE, f"{label}: vector de la consulta, p50", vector, "ms"),
    ]
