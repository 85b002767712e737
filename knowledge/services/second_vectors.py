"""The opinion of a second embedder on the passages that were found: no index of its own, a vector beside each passage.

It is the small one that the node serves beside its own model. Where it doesn't run, search goes on without it.
"""

import time
from collections.abc import Iterable, Mapping

import numpy as np
import structlog
from django.db.models import QuerySet

from integrations.embedder.client import EmbedderError, embed_texts
from integrations.embedder.model import SECOND_MODEL

from ..models import IndexGeneration, Passage

log = structlog.get_logger(__name__)
BATCH = 32
FILL_SECONDS = 60.0
STORED = np.dtype("<f2")  # half precision: cosines differ in the fourth digit


def second_query_vector(text: str, generation: IndexGeneration | None, seconds: float) -> np.ndarray | None:
    """None where the second embedder doesn't answer, or is the one that made the index."""
    if generation is None or generation.model == SECOND_MODEL:
        return None
    try:
        found = embed_texts([text], role="query", deadline_seconds=seconds, model=SECOND_MODEL)
    except EmbedderError as error:
        log.debug("search.one_embedder", reason=str(error))
        return None
    return np.asarray(found[0], dtype=np.float32)


def second_cosines(query: np.ndarray | None, stored: Iterable[tuple[int, bytes | None]]) -> dict[int, float]:
    """By article the cosine of its best passage, of (article id, stored vector) each; what has none is left out."""
    if query is None:
        return {}
    rows = [(article, bytes(vector)) for article, vector in stored if vector]
    rows = [(article, vector) for article, vector in rows if len(vector) == STORED.itemsize * len(query)]
    if not rows:
        return {}
    matrix = np.frombuffer(b"".join(vector for _, vector in rows), dtype=STORED).reshape(len(rows), -1)
    best: dict[int, float] = {}
    for (article, _), cosine in zip(rows, (matrix.astype(np.float32) @ query).tolist(), strict=True):
        best[article] = max(best.get(article, -1.0), cosine)
    return best


def second_fill(passages: QuerySet[Passage], *, until: float = float("inf")) -> int:
    """Make the vectors that passages lack, until a moment of `time.monotonic()`; how many. What the embedder misses is
    made up for by the next repair."""
    lacking = passages.filter(second_vector=None)
    count = 0
    try:
        while time.monotonic() < until and (batch := dict(lacking.order_by("pk").values_list("pk", "text")[:BATCH])):
            _keep(batch)
            count += len(batch)
    except EmbedderError as error:
        log.debug("index.one_embedder", reason=str(error))
    return count


def _keep(batch: Mapping[int, str]) -> None:
    vectors = embed_texts(list(batch.values()), role="passage", deadline_seconds=FILL_SECONDS, model=SECOND_MODEL)
    rows = [
        Passage(pk=pk, second_vector=np.asarray(vector, dtype=STORED).tobytes())
        for pk, vector in zip(batch, vectors, strict=True)
    ]
    Passage.objects.bulk_update(rows, ["second_vector"])
