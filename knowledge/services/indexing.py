"""Keeps passages, full text and vectors in step with the published versions. The articles are the truth.

Passages and full text are made in one transaction of the database; vectors follow when embedder and Chroma answer. What
they miss, the periodic repair makes up for by comparing what is indexed with what should be.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import numpy as np
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.services import record
from integrations.chroma import ChromaError, Collection, collection_delete, collection_open
from prsystem.core.context import SYSTEM
from prsystem.core.jobs import queue as jobs
from prsystem.core.models import Job

from ..models import Article, IndexGeneration, Passage, PassageVector, Version
from ..retrieval.lexical import LexicalArticle, Statement, add_statement, remove_statement
from ..retrieval.passages import ArticleText, passages_of
from .embedding import EmbeddingUnavailable, embedder_of, space_of, vectors_of
from .index_soundness import sound_collection
from .second_vectors import second_fill

log = structlog.get_logger(__name__)
# The job of the whole index: by the clock, after manuals were read, and from the command line. One at a time.
INDEX = "manual.index"
SLICE_SECONDS = 45.0
FIRST_FILL = timedelta(minutes=3)
EMBED_BATCH = 32
EMBED_SECONDS = 60.0
UPSERT_BATCH = 500
SAME_WITHIN = 1e-5  # of vectors of length 1, which Chroma gives back as it got them
ALTERED = "index.altered"
Advance = Callable[[int], object]


def _ignore(count: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class IndexReport:
    """What a repair did; `vectors_available` is False when the embedder or Chroma didn't answer, `is_whole` when its
    time was over before its work was."""

    articles: int = 0
    embedded: int = 0
    added: int = 0
    removed: int = 0
    vectors_available: bool = True
    is_whole: bool = True


def article_index(article_id: int) -> None:
    """Job: index the published version of an article; full text even without embedder or Chroma."""
    stale = passages_rebuild(article_id)
    second_fill(Passage.objects.filter(article_id=article_id))
    try:
        generation = generation_current()
        _Embedding(generation).of(Passage.objects.filter(article_id=article_id))
        collection = collection_open(generation.collection)
        collection.delete([str(pk) for pk in stale])
        _upsert(collection, PassageVector.objects.filter(generation=generation, passage__article_id=article_id))
    except (EmbeddingUnavailable, ChromaError) as error:
        log.warning("index.vectors_later", article_id=article_id, reason=str(error))


def passages_rebuild(article_id: int) -> list[int]:
    """Make passages and full text of the published version; the ids of passages that are gone."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article_id)
        wanted = None if article.is_archived else article.current
        old = Passage.objects.filter(article=article).exclude(version=wanted)
        stale = list(old.values_list("pk", flat=True))
        old.delete()
        execute(remove_statement([article_id]))
        if wanted is not None:
            Passage.objects.bulk_create(_passages(wanted), ignore_conflicts=True)
            execute(add_statement([LexicalArticle(article_id, wanted.lang, _text_of(wanted))]))
    return stale


def index_request(*, queue: str = "bulk") -> None:
    """Ask for a repair of the index; one that waits already is enough. Its later slices are backlog."""
    jobs.enqueue(INDEX, payload={}, queue=queue, dedup_key=INDEX)


def index_is_new() -> bool:
    """Whether the first index of a site is being made: in a moment the same question has an answer. Later ones aren't
    waited for: search goes on by words."""
    since = timezone.now() - FIRST_FILL
    if IndexGeneration.objects.filter(created_at__lt=since).exists():
        return False
    return Job.objects.filter(kind=INDEX, state=Job.State.PENDING, created_at__gt=since).exists()


def index_slice() -> None:
    """Job: repair for a while, and ask for the rest: a shelf of manuals takes an hour, and others have their turn."""
    if not index_repair(seconds=SLICE_SECONDS).is_whole:
        with transaction.atomic():
            index_request()


def index_rebuild(*, advance: Advance = _ignore) -> IndexReport:
    """`index_repair` to its end in this process, once no worker is at it."""
    with jobs.job_held(INDEX):
        return index_repair(advance=advance)


def index_repair(*, advance: Advance = _ignore, seconds: float = float("inf")) -> IndexReport:
    """Compare what is indexed with what should be, make what is missing, remove what is too much. Safe at any time, and
    done by one at a time: who holds the job INDEX.

    `advance` is told of every passage embedded. After `seconds` nothing more is embedded in this call.
    """
    ids = list(_articles_out_of_step())
    for article_id in ids:
        passages_rebuild(article_id)
    until = time.monotonic() + seconds
    second_fill(Passage.objects.all(), until=until)
    try:
        embedding = _Embedding(generation_current(), advance, until)
        embedded = embedding.of(Passage.objects.all())
        added, removed = _collection_sync(embedding.generation)
        if embedding.is_whole:
            generation_activate(embedding.generation)
            embedding = _candidate_prepare(embedding)
    except (EmbeddingUnavailable, ChromaError) as error:
        log.warning("index.vectors_later", reason=str(error))
        return IndexReport(articles=len(ids), vectors_available=False)
    report = IndexReport(len(ids), embedded, added, removed, is_whole=embedding.is_whole)
    if ids or embedded or added or removed:
        log.info("index.repaired", articles=len(ids), embedded=embedded, added=added, removed=removed)
    return report


def generation_current() -> IndexGeneration:
    """The active generation, while its embedder is the same; else that of the embedder in use, made if need be."""
    active = generation_active()
    return _generation_of(embedder_of(active) if active else str(settings.OLLAMA_EMBED_MODEL))


def generation_active() -> IndexGeneration | None:
    return IndexGeneration.objects.filter(is_active=True).first()


def _generation_of(embedder: str) -> IndexGeneration:
    """The first one is active at once."""
    space = space_of(embedder)
    generation, is_new = IndexGeneration.objects.get_or_create(
        fingerprint=space.fingerprint,
        defaults={
            "model": space.model,
            "dimensions": space.dimensions,
            "collection": f"conocimiento-{space.fingerprint.replace(':', '-')[:40]}",
        },
    )
    if is_new and generation_active() is None:
        generation_activate(generation)
    return generation


def _candidate_prepare(done: "_Embedding") -> "_Embedding":
    """Another embedder in the environment than that of the active generation: make its index beside, then let the
    exam decide. What was refused once stays refused. Returns the embedding that was under way last."""
    active, wanted = generation_active(), str(settings.OLLAMA_EMBED_MODEL)
    if active is None or embedder_of(active) == wanted:
        return done
    candidate = _generation_of(wanted)
    if candidate.refused_at is not None:
        return done
    embedding = _Embedding(candidate, done.advance, done.until)
    embedding.of(Passage.objects.all())
    if not embedding.is_whole:
        return embedding
    _collection_sync(candidate)
    with transaction.atomic():
        key = f"exam.embedder:{candidate.pk}"
        jobs.enqueue("exam.embedder", payload={"generation_id": candidate.pk}, queue="bulk", dedup_key=key)
    return embedding


def generation_refuse(generation: IndexGeneration) -> None:
    """Its exam was worse: it stays known, so that it isn't made again, without its vectors."""
    IndexGeneration.objects.filter(pk=generation.pk).update(refused_at=timezone.now())
    generation.vectors.all().delete()
    transaction.on_commit(partial(collection_delete, generation.collection))


def generation_activate(generation: IndexGeneration) -> None:
    """Search by this generation from now on; the collections of the others are removed."""
    if generation.is_active:
        return
    with transaction.atomic():
        IndexGeneration.objects.filter(is_active=True).update(is_active=False)
        IndexGeneration.objects.filter(pk=generation.pk).update(is_active=True)
        for old in IndexGeneration.objects.exclude(pk=generation.pk).filter(refused_at=None):
            transaction.on_commit(partial(collection_delete, old.collection))
            old.delete()


def _articles_out_of_step() -> Iterator[int]:
    """Articles whose passages aren't those of what is published, or that full text doesn't know."""
    published = Article.objects.filter(is_archived=False).exclude(current=None)
    yield from published.exclude(current__passages__isnull=False).values_list("pk", flat=True)
    shown = Q(article__is_archived=False, article__current__isnull=False)
    extra = Passage.objects.exclude(shown).values_list("article_id", flat=True)
    yield from extra.order_by("article_id").distinct()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.article_id FROM knowledge_passage p LEFT JOIN knowledge_lexicaldocument d"
            " ON d.article_id = p.article_id WHERE d.article_id IS NULL"
        )
        yield from [row[0] for row in cursor.fetchall()]


def _text_of(version: Version) -> ArticleText:
    return ArticleText(version.title, version.problem, version.cause, version.solution)


def _passages(version: Version) -> list[Passage]:
    return [
        Passage(
            article_id=version.article_id,
            version=version,
            kind=piece.kind,
            ordinal=piece.ordinal,
            lang=version.lang,
            text=piece.text,
        )
        for piece in passages_of(_text_of(version))
    ]


def execute(statement: Statement) -> None:
    sql, params = statement
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


class _Embedding:
    """Makes the vectors that a generation lacks, until a moment of `time.monotonic()`; `is_whole`: none is left out."""

    def __init__(self, generation: IndexGeneration, advance: Advance = _ignore, until: float = float("inf")) -> None:
        self.generation, self.advance, self.until = generation, advance, until
        self.is_whole = True

    def of(self, passages: QuerySet[Passage]) -> int:
        """Embed those of the passages that have no vector in this generation; how many."""
        ids, count = list(self._without(passages).order_by("pk").values_list("pk", flat=True)), 0
        for first in range(0, len(ids), EMBED_BATCH):
            if time.monotonic() > self.until:
                self.is_whole = False
                break
            count += self._batch(ids[first : first + EMBED_BATCH])
        return count

    def _without(self, passages: QuerySet[Passage]) -> QuerySet[Passage]:
        return passages.exclude(pk__in=PassageVector.objects.filter(generation=self.generation).values("passage_id"))

    def _batch(self, ids: list[int]) -> int:
        """An article that was published meanwhile has its vectors by its own job: it isn't embedded again."""
        batch = list(self._without(Passage.objects.filter(pk__in=ids)))
        if not batch:
            return 0
        texts, languages = [p.text for p in batch], [p.lang for p in batch]
        embedder = embedder_of(self.generation)
        vectors = vectors_of(texts, languages=languages, role="passage", seconds=EMBED_SECONDS, embedder=embedder)
        rows = [
            PassageVector(passage=p, generation=self.generation, vector=np.asarray(v, dtype="<f4").tobytes())
            for p, v in zip(batch, vectors, strict=True)
        ]
        PassageVector.objects.bulk_create(rows, ignore_conflicts=True)
        self.advance(len(batch))
        return len(batch)


def _upsert(collection: Collection, vectors: Iterable[PassageVector]) -> None:
    rows = list(vectors)
    if rows:
        collection.upsert(
            [str(row.passage_id) for row in rows], [np.frombuffer(row.vector, dtype="<f4").tolist() for row in rows]
        )


def _collection_sync(generation: IndexGeneration) -> tuple[int, int]:
    """Make Chroma's ids those of the database; (added, removed). A wiped Chroma is filled again without the model, and
    so is a collection that can't be read any more or was made with another configuration."""
    collection, there = sound_collection(generation)
    kept = PassageVector.objects.filter(generation=generation)
    wanted = {str(pk) for pk in kept.values_list("passage_id", flat=True)}
    missing, extra = sorted(wanted - there), sorted(there - wanted)
    for first in range(0, len(missing), UPSERT_BATCH):
        part = missing[first : first + UPSERT_BATCH]
        _upsert(collection, PassageVector.objects.filter(generation=generation, passage_id__in=part))
    collection.delete(extra)
    altered = _altered_repair(collection, generation, sorted(wanted & there, key=int))
    return len(missing) + altered, len(extra)


def _altered_repair(collection: Collection, generation: IndexGeneration, ids: list[str]) -> int:
    """Put back vectors that aren't what the database says, which nothing of ours writes; how many. Each minute's round
    looks at the next UPSERT_BATCH of them, and at all once one of those is found."""
    rounds = max(-(-len(ids) // UPSERT_BATCH), 1)
    parts = [ids[first : first + UPSERT_BATCH] for first in range(0, len(ids), UPSERT_BATCH)]
    turn = int(time.time() // 60) % rounds
    altered = [pk for part in parts[turn : turn + 1] for pk in _altered(collection, generation, part)]
    if not altered:
        return 0
    altered = [pk for part in parts for pk in _altered(collection, generation, part)]
    # Told first: a Chroma that is slow to take them back must not keep it quiet.
    log.error("index.altered", collection=collection.name, vectors=len(altered))
    record(SYSTEM, ALTERED, "indice:conocimiento", {"coleccion": collection.name, "vectores": len(altered)})
    for first in range(0, len(altered), UPSERT_BATCH):
        part = altered[first : first + UPSERT_BATCH]
        _upsert(collection, PassageVector.objects.filter(generation=generation, passage_id__in=part))
    return len(altered)


def _altered(collection: Collection, generation: IndexGeneration, ids: list[str]) -> list[int]:
    there = collection.vectors(ids, generation.dimensions)
    rows = PassageVector.objects.filter(generation=generation, passage_id__in=ids)
    return [row.passage_id for row in rows if not _is_same(row, there.get(str(row.passage_id)))]


def _is_same(row: PassageVector, stored: list[float] | None) -> bool:
    """One that is gone meanwhile is for the next round to find missing."""
    if stored is None:
        return True
    ours = np.frombuffer(row.vector, dtype="<f4")
    try:
        theirs = np.asarray(stored, dtype="<f4")
    except (TypeError, ValueError):  # no numbers, or not a row of them
        return False
    return theirs.shape == ours.shape and np.allclose(ours, theirs, atol=SAME_WITHIN)
