"""Whether the index and the model nodes answer, for the detailed health report."""

from django.conf import settings

from prsystem.core.health.checks import ERROR, OFF, OK

_SECONDS = 0.8


def chroma_state() -> str:
    if not settings.CHROMA_URL:
        return OFF
    from . import chroma

    chroma.heartbeat(_SECONDS)
    return OK


def embedder_state() -> str:
    """OFF where no embedder is configured: the cluster makes the vectors."""
    if not settings.EMBEDDER_URL:
        return OFF
    from .embedder.client import embedder_identity

    embedder_identity()
    return OK


def ollama_state() -> str:
    """OK while at least one node is healthy."""
    from .ollama.cluster import get_cluster

    if not get_cluster().has_nodes:
        return OFF
    return OK if any(view.is_healthy for view in get_cluster().views()) else ERROR
