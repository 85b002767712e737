"""Chroma's Rust server over its REST API v2: the part that a rebuildable vector index needs.

Not the chromadb client: importing it costs a second and it makes its own outgoing connections
(docs/decisions/0004-chroma-por-http.md). Vectors are always ours; documents stay in the database.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from prsystem.core.outgoing.http import json_client, parsed_json

DATABASE = "/api/v2/tenants/default_tenant/databases/default_database"
CONNECT_SECONDS = 0.3
READ_SECONDS = 1.0
WRITE_SECONDS = 20.0
WRITE_BATCH = 500
PAGE = 1000
MOST_PAGES = 2000
PAGE_NUMBERS = 256 * 1024  # of vectors in one answer, each of at most 16 bytes of JSON: half of what is taken of one
MOST_DISTANCE = 2.01  # of two vectors of length 1, by their cosine
# So wide that the nearest don't depend on the order in which the vectors came; figures in docs/recuperacion.md.
HNSW: Mapping[str, Any] = {"space": "cosine", "ef_search": 1000, "ef_construction": 400, "max_neighbors": 48}
_COLLECTION_ID = re.compile(r"[0-9a-fA-F-]{36}")


class ChromaError(Exception):
    """Chroma refused the request, as for vectors of a wrong dimension: sending the same again won't help."""

    retryable = False


class ChromaUnavailable(ChromaError):
    """No Chroma is configured or reachable, it is failing, or the deadline passed. Search goes on without vectors."""

    retryable = True


class ChromaFailing(ChromaUnavailable):
    """The server answers with an error of its own, as when its files are damaged or its disk is full."""


class CollectionMissing(ChromaError):
    """The collection was deleted or the server lost its data: it must be filled again."""


@dataclass(frozen=True)
class Collection:
    """One collection. Keep its name, not its id: after CollectionMissing `collection_open` gives another id."""

    name: str
    id: str
    is_as_wanted: bool = True  # False when it was made with another configuration, as by an older version

    @property
    def _path(self) -> str:
        return f"{DATABASE}/collections/{self.id}"

    def upsert(
        self,
        ids: Sequence[str],
        embeddings: Sequence[Sequence[float]],
        metadatas: Sequence[Mapping[str, str | int | float | bool]] | None = None,
    ) -> None:
        """Add records or replace those with the same ids, in batches."""
        for first in range(0, len(ids), WRITE_BATCH):
            part = slice(first, first + WRITE_BATCH)
            body: dict[str, Any] = {"ids": list(ids[part]), "embeddings": [list(row) for row in embeddings[part]]}
            if metadatas is not None:
                body["metadatas"] = [dict(metadata) for metadata in metadatas[part]]
            _call("POST", f"{self._path}/upsert", body, WRITE_SECONDS)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove records; unknown ids are ignored."""
        for first in range(0, len(ids), WRITE_BATCH):
            _call("POST", f"{self._path}/delete", {"ids": list(ids[first : first + WRITE_BATCH])}, WRITE_SECONDS)

    def query(
        self, embedding: Sequence[float], count: int, *, deadline_seconds: float = READ_SECONDS
    ) -> list[tuple[str, float]]:
        """The nearest records as (id, cosine distance), nearest first; fewer when the collection is smaller."""
        body = {"query_embeddings": [list(embedding)], "n_results": count, "include": ["distances"]}
        answer = _object(_call("POST", f"{self._path}/query", body, deadline_seconds))
        ids, distances = _only_row(answer.get("ids")), _only_row(answer.get("distances"))
        if len(ids) != len(distances) or len(ids) > count or not all(map(_is_distance, distances)):
            raise ChromaError("Chroma's answer has other distances than ids")
        return list(zip(_texts(ids), distances, strict=True))

    def count(self) -> int:
        answer = _call("GET", f"{self._path}/count", None, READ_SECONDS)
        if type(answer) is not int or answer < 0:
            raise ChromaError("Chroma's answer is no count")
        return answer

    def ids(self, offset: int = 0, limit: int = PAGE) -> list[str]:
        """One page of the stored ids, in Chroma's order."""
        body = {"include": [], "limit": limit, "offset": offset}
        return _texts(_object(_call("POST", f"{self._path}/get", body, WRITE_SECONDS)).get("ids"))

    def all_ids(self) -> Iterator[str]:
        """Page by page. ChromaError for a server that never comes to an end, or repeats itself."""
        last: list[str] = []
        for number in range(MOST_PAGES):
            page = self.ids(offset=number * PAGE)
            if page and page == last:
                raise ChromaError("Chroma gives the same page twice")
            yield from page
            if len(page) < PAGE:
                return
            last = page
        raise ChromaError(f"Chroma lists more than {MOST_PAGES} pages")

    def vectors(self, ids: Sequence[str], dimensions: int) -> dict[str, list[float]]:
        """What is stored under the ids; none for those that aren't there."""
        page = max(1, PAGE_NUMBERS // dimensions)
        parts = [self._vectors(ids[first : first + page]) for first in range(0, len(ids), page)]
        return {pk: vector for part in parts for pk, vector in part.items()}

    def _vectors(self, ids: Sequence[str]) -> dict[str, list[float]]:
        answer = _call("POST", f"{self._path}/get", {"ids": list(ids), "include": ["embeddings"]}, WRITE_SECONDS)
        try:
            return dict(zip(answer["ids"], answer["embeddings"], strict=True))
        except (KeyError, TypeError, ValueError) as error:
            raise ChromaError("Chroma's answer lacks ids or vectors") from error


def collection_open(name: str) -> Collection:
    """Get the collection or create it, for cosine distance and without an embedding function."""
    body = {"name": name, "get_or_create": True, "configuration": {"hnsw": dict(HNSW)}}
    answer = _object(_call("POST", f"{DATABASE}/collections", body, READ_SECONDS))
    collection_id = answer.get("id")
    if not isinstance(collection_id, str) or not _COLLECTION_ID.fullmatch(collection_id):
        raise ChromaError("Chroma's collection has no id")
    made_with = _object(_object(answer.get("configuration_json") or {}).get("hnsw") or {})
    return Collection(name, collection_id, is_as_wanted=made_with.items() >= HNSW.items())


def collection_renewed(name: str) -> Collection:
    """As `collection_open`, but one that isn't as wanted is made anew, empty: a graph can't be widened afterwards."""
    collection = collection_open(name)
    if collection.is_as_wanted:
        return collection
    collection_delete(name)
    return collection_open(name)


def collection_delete(name: str) -> None:
    """Remove a collection with its records; nothing to do when there is none."""
    try:
        _call("DELETE", f"{DATABASE}/collections/{name}", None, WRITE_SECONDS)
    except CollectionMissing:
        return


def heartbeat(deadline_seconds: float = READ_SECONDS) -> None:
    """Raise ChromaUnavailable unless the server answers."""
    _call("GET", "/api/v2/heartbeat", None, deadline_seconds)


def _call(method: str, path: str, body: Mapping[str, Any] | None, seconds: float) -> Any:
    if not settings.CHROMA_URL:
        raise ChromaUnavailable("no Chroma is configured")
    timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
    try:
        response = json_client(settings.CHROMA_URL).request(method, path, json=body, timeout=timeout)
    except httpx.TransportError as error:
        raise ChromaUnavailable(f"Chroma can't be reached ({type(error).__name__})") from error
    if response.status_code == httpx.codes.NOT_FOUND:
        raise CollectionMissing("no such collection")
    if response.status_code == 429:
        raise ChromaUnavailable("Chroma is busy (HTTP 429)")
    if response.is_server_error:
        raise ChromaFailing(f"Chroma is failing (HTTP {response.status_code})")
    if not response.is_success:
        raise ChromaError(f"Chroma refused the request (HTTP {response.status_code})")
    try:
        return parsed_json(response.content)
    except ValueError as error:
        raise ChromaError("Chroma's answer is no JSON") from error


def _object(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise ChromaError("Chroma's answer is no JSON object")
    return answer


def _only_row(rows: Any) -> list[Any]:
    """Chroma answers a list for each vector asked for; one is."""
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], list):
        raise ChromaError("Chroma's answer lacks ids or distances")
    return rows[0]


def _texts(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ChromaError("Chroma's answer has no ids")
    return values


def _is_distance(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and abs(value) < MOST_DISTANCE
