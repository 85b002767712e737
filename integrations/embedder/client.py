"""Vectors from the embedder over HTTP, in the wire format of Ollama's `/api/embed`. No weights in this process."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import httpx
from django.conf import settings

from prsystem.core.outgoing.http import json_client, parsed_json

Role = Literal["query", "passage"]

CONNECT_SECONDS = 0.3
PROBE_SECONDS = 1.0
TEXTS_PER_REQUEST = 16
MOST_VALUE = 1e6
MODEL = "default"  # the node's own name for whatever model it runs


class EmbedderError(Exception):
    """The embedder refused or answered nonsense: sending the same again won't help."""

    retryable = False


class EmbedderUnavailable(EmbedderError):
    """No embedder is configured or reachable, it is full, or the deadline passed. Search goes on without vectors."""

    retryable = True


@dataclass(frozen=True)
class Identity:
    """What defines the vector space; a collection made under another digest can't be searched."""

    name: str
    dimensions: int
    digest: str


def embed_texts(
    texts: Sequence[str],
    *,
    role: Role,
    languages: Sequence[str] | None = None,
    deadline_seconds: float,
    model: str = MODEL,
) -> list[list[float]]:
    """One vector of length 1 per text, in order.

    `languages` holds "es", "en" or "" (unknown) for each text; E5's vectors need it to meet across languages.
    `model`: another one that the node serves.
    The deadline covers all requests together. Raises EmbedderUnavailable or EmbedderError.
    """
    codes = list(languages) if languages is not None else [""] * len(texts)
    ends_at = time.monotonic() + deadline_seconds
    vectors: list[list[float]] = []
    for first in range(0, len(texts), TEXTS_PER_REQUEST):
        part = slice(first, first + TEXTS_PER_REQUEST)
        body = {"model": model, "input": list(texts[part]), "role": role, "language": codes[part]}
        vectors += _vectors(_call("POST", "/api/embed", body, ends_at - time.monotonic()), len(body["input"]))
    return vectors


def embedder_identity() -> Identity:
    """The running model; raises EmbedderUnavailable or EmbedderError."""
    return embedder_identities()[0]


def embedder_identities() -> list[Identity]:
    """The model that makes the index, and then those served beside it; raises as above."""
    answer = _call("GET", "/api/tags", None, PROBE_SECONDS)
    try:
        found = [
            Identity(str(model["name"]), int(model["details"]["embedding_length"]), str(model["digest"]))
            for model in answer["models"]
        ]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise EmbedderError("the embedder lists no model") from error
    if not found:
        raise EmbedderError("the embedder lists no model")
    return found


def _vectors(answer: Mapping[str, Any], count: int) -> list[list[float]]:
    vectors = answer.get("embeddings")
    if (
        not isinstance(vectors, list)
        or len(vectors) != count
        or not all(isinstance(row, list) and row and all(map(_is_finite, row)) for row in vectors)
        or len({len(row) for row in vectors}) > 1
    ):
        raise EmbedderError("the embedder returned another number of vectors than texts, or none that can be used")
    return vectors


def _is_finite(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < MOST_VALUE  # False for NaN, too


def _call(method: str, path: str, body: Mapping[str, Any] | None, seconds: float) -> dict[str, Any]:
    if not settings.EMBEDDER_URL:
        raise EmbedderUnavailable("no embedder is configured")
    if seconds <= 0:
        raise EmbedderUnavailable("the deadline passed")
    timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
    try:
        response = json_client(settings.EMBEDDER_URL).request(method, path, json=body, timeout=timeout)
        answer = parsed_json(response.content) if response.status_code == httpx.codes.OK else None
    except httpx.TransportError as error:
        raise EmbedderUnavailable(f"the embedder can't be reached ({type(error).__name__})") from error
    except ValueError as error:
        raise EmbedderError("the embedder's answer is no JSON") from error
    if response.status_code in (429, 500, 502, 503, 504):
        raise EmbedderUnavailable(f"the embedder is busy or failing (HTTP {response.status_code})")
    if not isinstance(answer, dict):
        raise EmbedderError(f"the embedder refused the request (HTTP {response.status_code})")
    return answer
