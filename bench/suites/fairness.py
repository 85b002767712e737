"""A person's report while the workers have more to do than they can: how long its proposal takes, beside an idle queue.

The floor is the same report with nothing else to do, in the same run. What is piled up is the kind that is worst:
ten thousand jobs that fail, a backlog of proposals, a manual of 3,000 pages.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from incidents.models import Incident, Suggestion
from knowledge.models import Article, Passage
from knowledge.services.indexing import INDEX, index_request
from prsystem.core.jobs import queue
from prsystem.core.jobs.claiming import in_hand
from prsystem.core.models import Job

from ..figures import Figure, percentile
from ..people import token_headers
from ..servers import Bench
from .indexed import knowledge_indexed
from .report import forget_jobs
from .suggestion import REPORTS, timed

SUITE = "Turnos"
FAILING, BACKLOG, PAGES = 10_000, 500, 3_000
LOOK_SECONDS = 0.2
# A report may have to wait for one piece of other work, and shares its processor with two more.
RATIO, LEAST_SECONDS = 6, 3.0


def run(bench: Bench) -> list[Figure]:
    bench.models()
    forget_jobs()
    knowledge_indexed()
    with bench.worker():
        _seconds(bench)  # the worker's processes load what they need
        floor = _seconds(bench)
        figures = [
            _figure(f"{FAILING:,} trabajos vencidos que fallan".replace(",", " "), _beside_failing(bench), floor),
            _figure(f"{BACKLOG} propuestas atrasadas", _beside_backlog(bench), floor),
        ]
        seconds, most = _beside_manual(bench)
    forget_jobs()
    return [
        *figures,
        _figure(f"manual de {PAGES:,} páginas por indexar".replace(",", " "), seconds, floor),
        Figure(SUITE, "indexaciones a la vez, aunque se pida sin cesar: máximo", most, "", target=1),
    ]


def _figure(beside: str, times: list[float], floor: list[float]) -> Figure:
    least = percentile(floor, 0.5)
    name = f"del 201 a la propuesta, con {beside}: p50"
    return Figure(SUITE, name, percentile(times, 0.5), "s", least, target=max(LEAST_SECONDS, RATIO * least))


def _seconds(bench: Bench) -> list[float]:
    headers = {"Content-Type": "application/json", **token_headers("ana")}
    return [timed(bench, headers, title, text)[0] for title, text in REPORTS]


def _beside_failing(bench: Bench) -> list[float]:
    """Articles that don't exist can't be indexed; each has failed before and is due again."""
    jobs = [
        queue.build_job("article.index", payload={"article_id": 10**9 + n}, is_retry=True, delay_seconds=-60)
        for n in range(FAILING)
    ]
    queue.enqueue_all(jobs)
    times = _seconds(bench)
    forget_jobs()
    return times


def _beside_backlog(bench: Bench) -> list[float]:
    incident = Incident.objects.earliest("pk")
    made = Suggestion.objects.bulk_create(Suggestion(incident=incident) for _ in range(BACKLOG))
    queue.enqueue_all(
        [queue.build_job("suggestion.draft", payload={"suggestion_id": row.pk}, queue="bulk") for row in made]
    )
    times = _seconds(bench)
    forget_jobs()
    Suggestion.objects.filter(pk__in=[row.pk for row in made], citations=None).delete()
    return times


def _beside_manual(bench: Bench) -> tuple[list[float], int]:
    """Also how many workers were at the index at once, while it was asked for all the time."""
    article = Article.objects.exclude(current=None).earliest("pk")
    pages = [
        Passage(article=article, version=article.current, kind="solution", ordinal=1000 + n, lang="es", text=_page(n))
        for n in range(PAGES)
    ]
    made = Passage.objects.bulk_create(pages, batch_size=500)
    with _asked_for() as counts:
        times = _seconds(bench)
    forget_jobs()
    Passage.objects.filter(pk__in=[row.pk for row in made]).delete()
    return times, max(counts)


def _page(number: int) -> str:
    line = f"Página {number}. Detener la prensa {number % 40}, bloquear la energía y revisar el sello {number % 7}. "
    return line * 4


@contextmanager
def _asked_for() -> Iterator[list[int]]:
    """The index asked for again and again while the block runs, and how many were at it at each look."""
    stop, counts = threading.Event(), [0]

    def ask() -> None:
        from django.db import connection

        while not stop.wait(LOOK_SECONDS):
            index_request()
            counts.append(Job.objects.filter(in_hand("index"), kind=INDEX).count())
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield counts
    finally:
        stop.set()
        thread.join()
