"""Where vectors come from: the model cluster when it has an embedding model, the embedded embedder otherwise."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from integrations.embedder.client import EmbedderError, Role, embed_texts, embedder_identity
from integrations.ollama.cluster import get_cluster
from integrations.ollama.errors import NodeError

from ..models import IndexGeneration

CLUSTER = "ollama:"
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


def space_of(embedder: str) -> Space:
    """The space of an embedder: a model of the cluster by its name, the embedded one by an empty text. Asked for once
    in SPACE_SECONDS. Raises EmbeddingUnavailable."""
    return _space(embedder, int(time.monotonic() // SPACE_SECONDS))


@lru_cache(maxsize=4)
def _space(embedder: str, slot: int) -> Space:
    if embedder:
        probe = vectors_of([embedder], languages=["es"], role="query", seconds=PROBE_SECONDS, embedder=embedder)
        return Space(embedder, len(probe[0]), f"{CLUSTER}{embedder}:{len(probe[0])}"[:64])
    try:
        identity = embedder_identity()
    except EmbedderError as error:
        raise EmbeddingUnavailable(str(error)) from error
    return Space(identity.name, identity.dimensions, identity.digest[:64])


def embedder_of(generation: IndexGeneration) -> str:
    """The embedder that made a generation, as `space_of` takes it."""
    return generation.model if generation.fingerprint.startswith(CLUSTER) else ""


def embedder_available(generation: IndexGeneration) -> bool:
    """Whether the embedder that made a generation answers, and is still the same."""
    try:
        return space_of(embedder_of(generation)).fingerprint == generation.fingerprint
    except EmbeddingUnavailable:
        return False


def vectors_of(
    texts: Sequence[str], *, languages: Sequence[str], role: Role, seconds: float, embedder: str | None = None
) -> list[list[float]]:
    """One vector of length 1 per text, by the environment's embedder unless one is named. Raises
    EmbeddingUnavailable."""
    embedder = str(settings.OLLAMA_EMBED_MODEL) if embedder is None else embedder
    try:
        if embedder:
            return get_cluster().embed(texts, model=embedder, deadline=time.monotonic() + seconds)
        return embed_texts(texts, role=role, languages=languages, deadline_seconds=seconds)
    except (EmbedderError, NodeError) as error:
        raise EmbeddingUnavailable(str(error)) from error
