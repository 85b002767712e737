"""Tickets as reported, indexed whole: passages, full text, vectors, Chroma."""

import random
import time

from knowledge.models import Article, Version
from knowledge.services.indexing import index_repair

from ..figures import Figure
from ..servers import Bench
from ..synthetic import SENTENCES, SUBJECTS, SYMPTOMS
from .indexed import NotIndexed, articles_add, knowledge_indexed

SUITE = "Indexar"
TICKETS = 1000
CHARACTERS = 350
FIRST = 1_000_000  # numbers that no other suite uses
TARGET_SECONDS = 30


def run(bench: Bench) -> list[Figure]:
    bench.models()
    knowledge_indexed()
    articles_add(range(FIRST, FIRST + TICKETS), _ticket)
    began = time.perf_counter()
    report = index_repair()
    seconds = time.perf_counter() - began
    if not report.vectors_available or report.embedded < TICKETS:
        raise NotIndexed
    return [
        Figure(SUITE, f"{TICKETS} casos de {CHARACTERS} caracteres", seconds, "s", target=TARGET_SECONDS),
        Figure(SUITE, "vectores por segundo", report.embedded / seconds, "1/s"),
    ]


def _ticket(article: Article, rng: random.Random) -> Version:
    title = f"{rng.choice(SUBJECTS)} {rng.randint(1, 90)} {rng.choice(SYMPTOMS)}"
    text = " ".join(rng.sample(SENTENCES, len(SENTENCES)))[: CHARACTERS - len(title)]
    return Version(article=article, state=Version.State.PUBLISHED, title=title, solution=text)
