"""Reports by meaning: the vectors of open and lately finished incidents, and which of them tell what a text tells.

Exact, in memory: a site has some thousands of them. Another embedder makes them anew, by the sweep.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from incidents.case.choices import OPEN_STATES
from incidents.case.models import Incident
from knowledge.retrieval.language import detect_language
from knowledge.services.embedding import EmbeddingUnavailable, space_of, vectors_of
from prsystem.core.jobs import queue

from .alike import LEAST_POOL, combined, standing
from .models import IncidentVector

if TYPE_CHECKING:
    import numpy as np

log = structlog.get_logger(__name__)
KEPT = timedelta(days=180)
BATCH, BATCH_SECONDS, QUERY_SECONDS = 32, 60.0, 1.5
MOST_READ = 1_000
MOST_FILLED = 5_000
TEXT_LENGTH = 1_500


def incident_text(title: str, description: str) -> str:
    return f"{title}\n{description}"[:TEXT_LENGTH]


def alike(title: str, description: str, pool: QuerySet[Incident], limit: int) -> list[tuple[int, float]]:
    """Ids of the pool's incidents that tell the same, by meaning and rare words, with their scores, best first; none
    below the floor. The newest MOST_READ are compared."""
    text = incident_text(title, description)
    rows = pool.order_by("-id").values_list("pk", "title", "description")[:MOST_READ]
    texts = {pk: incident_text(*told) for pk, *told in rows}
    return standing(combined(text, texts, standing_out(text, list(texts))), limit)


def standing_out(text: str, ids: Sequence[int]) -> dict[int, float]:
    """How many standard deviations each incident is nearer to the text than all of them are, by cosine; empty without
    vectors now, or where there are too few to tell."""
    import numpy as np

    if len(ids) < LEAST_POOL:
        return {}
    try:
        fingerprint = vectors_space()
        vector = np.array(_vectors([text], QUERY_SECONDS)[0], dtype=np.float32)
    except EmbeddingUnavailable:
        return {}
    rows = list(
        IncidentVector.objects.filter(incident_id__in=ids, fingerprint=fingerprint).values_list("incident_id", "vector")
    )
    if len(rows) < LEAST_POOL:
        return {}
    cosines = np.stack([np.frombuffer(bytes(raw), dtype="<f4") for _pk, raw in rows]) @ vector
    spread = float(cosines.std()) or 1.0
    scores = (cosines - cosines.mean()) / spread
    return {pk: float(score) for (pk, _raw), score in zip(rows, scores, strict=True)}


def vectors_space() -> str:
    """The fingerprint of the space in which incidents are embedded now. Raises EmbeddingUnavailable."""
    return space_of(str(settings.OLLAMA_EMBED_MODEL)).fingerprint


def vector_kept(incident_id: int, fingerprint: str) -> "np.ndarray | None":
    """The vector that an incident has in this space, None without one."""
    import numpy as np

    rows = IncidentVector.objects.filter(incident_id=incident_id, fingerprint=fingerprint)
    raw = rows.values_list("vector", flat=True).first()
    return None if raw is None else np.frombuffer(bytes(raw), dtype="<f4")


def incident_embed(incident_id: int) -> None:
    """Part of the job for a new report; what can't be made now is made by the sweep."""
    try:
        _fill(Incident.objects.filter(pk=incident_id))
    except EmbeddingUnavailable:
        log.warning("incident.vector_later", incident_id=incident_id)


def vector_forget(incident: Incident) -> None:
    """Its text is another one now: the vector of before goes, the sweep makes a new one."""
    IncidentVector.objects.filter(incident=incident).delete()


def vectors_fill_request() -> None:
    """Ask for the sweep; nothing is added while one waits."""
    with transaction.atomic():
        queue.enqueue("incident.vectors", payload={}, queue="bulk", dedup_key="incident.vectors")


def vectors_fill() -> None:
    """Job: the vectors that are missing, newest first; those of long finished incidents go. Safe to run twice."""
    IncidentVector.objects.exclude(incident__in=_kept()).delete()
    try:
        _fill(_kept())
    except EmbeddingUnavailable:
        log.warning("incident.vectors_later")


def _kept() -> QuerySet[Incident]:
    since = timezone.now() - KEPT
    return Incident.objects.filter(Q(state__in=OPEN_STATES) | Q(updated_at__gt=since), merged_into=None)


def _fill(incidents: QuerySet[Incident]) -> None:
    fingerprint = vectors_space()
    missing = incidents.exclude(meaning__fingerprint=fingerprint).order_by("-id")
    rows = iter(list(missing.values_list("pk", "title", "description")[:MOST_FILLED]))
    for batch in _batches(rows):
        vectors = _vectors([incident_text(title, description) for _pk, title, description in batch], BATCH_SECONDS)
        IncidentVector.objects.bulk_create(
            [
                IncidentVector(incident_id=row[0], fingerprint=fingerprint, vector=_bytes(vector))
                for row, vector in zip(batch, vectors, strict=True)
            ],
            update_conflicts=True,
            unique_fields=["incident"],
            update_fields=["fingerprint", "vector"],
        )


def _batches(rows: Iterable[tuple[int, str, str]]) -> Iterator[list[tuple[int, str, str]]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _vectors(texts: Sequence[str], seconds: float) -> list[list[float]]:
    languages = [detect_language(text) or "es" for text in texts]
    return vectors_of(texts, languages=languages, role="query", seconds=seconds)


def _bytes(vector: Sequence[float]) -> bytes:
    import struct

    return struct.pack(f"<{len(vector)}f", *vector)
