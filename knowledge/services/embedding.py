"""Where vectors come from: the model cluster when it has an embedding model, the embedded embedder otherwise."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from integrations.embedder.client import EmbedderError, Role, embed_texts, embedder_identity
from integrations.ollama.cluster import get_cluster
from integrations.ollama.errors import NodeError

SPACE_SECONDS = 60
PROBE_SECONDS = 10.0


class EmbeddingUnavailable(Exception):
    """No vectors now: search goes on by text, indexing is made up for later."""


@dataclass(frozen=True)
class Space:
    """A vector space: vectors of different fingerprints can't be compared."""

    model: str
    dimensions: int
    fingerprint: str


def space_current() -> Space:
    """The space of the embedder in use, asked for once in SPACE_SECONDS. Raises EmbeddingUnavailable."""
    return _space(int(time.monotonic() // SPACE_SECONDS))


@lru_cache(maxsize=1)
def _space(slot: int) -> Space:
    if model := settings.OLLAMA_EMBED_MODEL:
        dimensions = len(vectors_of([model], languages=["es"], role="query", seconds=PROBE_SECONDS)[0])
        return Space(model, dimensions, f"ollama:{model}:{dimensions}"[:64])
    try:
        identity = embedder_identity()
    except EmbedderError as error:
        raise EmbeddingUnavailable(str(error)) from error
    return Space(identity.name, identity.dimensions, identity.digest[:64])


def vectors_of(texts: Sequence[str], *, languages: Sequence[str], role: Role, seconds: float) -> list[list[float]]:
    """One vector of length 1 per text. Raises EmbeddingUnavailable."""
    try:
        if settings.OLLAMA_EMBED_MODEL:
            deadline = time.monotonic() + seconds
            return get_cluster().embed(texts, model=settings.OLLAMA_EMBED_MODEL, deadline=deadline)
        return embed_texts(texts, role=role, languages=languages, deadline_seconds=seconds)
    except (EmbedderError, NodeError) as error:
        raise EmbeddingUnavailable(str(error)) from error
