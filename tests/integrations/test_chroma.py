"""The Chroma client against a real server."""

import socket
import uuid
from collections.abc import Iterator

import numpy as np
import pytest

from integrations import chroma
from integrations.chroma import (
    ChromaError,
    ChromaUnavailable,
    Collection,
    CollectionMissing,
    collection_delete,
    collection_open,
    collection_renewed,
    heartbeat,
)
from tests.standins.chroma_process import chroma_server


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as url:
        yield url


@pytest.fixture
def collection(address: str, settings) -> Collection:
    settings.CHROMA_URL = address
    return collection_open(f"test-{uuid.uuid4()}")


def test_nearest_records_come_first_by_cosine_distance(collection: Collection) -> None:
    collection.upsert(["near", "far", "between"], [[1, 0.1], [-1, 0], [1, 1]], [{"lang": "es"}] * 3)
    hits = collection.query([2.0, 0.0], 2)
    assert [key for key, _ in hits] == ["near", "between"]
    assert hits[1][1] == pytest.approx(1 - 0.5**0.5, abs=1e-5)


def test_upsert_replaces_and_delete_ignores_unknown_ids(collection: Collection) -> None:
    collection.upsert(["a", "b"], [[1, 0], [0, 1]])
    collection.upsert(["a"], [[0, 1]])
    collection.delete(["b", "never-there"])
    assert collection.count() == 1
    assert collection.query([0.0, 1.0], 5) == [("a", pytest.approx(0, abs=1e-6))]


def test_ids_come_in_pages(collection: Collection) -> None:
    keys = {f"k{number}" for number in range(7)}
    collection.upsert(sorted(keys), [[1, number] for number in range(7)])
    pages = [collection.ids(offset, 3) for offset in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert {key for page in pages for key in page} == keys


def test_opening_twice_gives_the_same_collection(collection: Collection) -> None:
    assert collection_open(collection.name) == collection


def test_empty_collection_has_no_hits(collection: Collection) -> None:
    assert collection.query([1.0, 0.0], 3) == []
    assert collection.count() == 0


def test_a_wrong_dimension_is_refused_for_good(collection: Collection) -> None:
    collection.upsert(["a"], [[1, 0]])
    with pytest.raises(ChromaError) as caught:
        collection.query([1.0, 0.0, 0.0], 1)
    assert not caught.value.retryable


def test_a_deleted_collection_is_missing_and_deleting_again_is_nothing(collection: Collection) -> None:
    collection_delete(collection.name)
    collection_delete(collection.name)
    with pytest.raises(CollectionMissing):
        collection.count()


def test_a_deadline_that_passes_is_retryable(settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never answers
        settings.CHROMA_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ChromaUnavailable) as caught:
            Collection("c", "1").query([1.0, 0.0], 1, deadline_seconds=0.05)
    assert caught.value.retryable


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9"])
def test_no_server_is_unavailable(settings, url: str) -> None:
    settings.CHROMA_URL = url
    with pytest.raises(ChromaUnavailable):
        heartbeat()


def test_the_nearest_of_many_near_equal_ones_are_exact_in_whatever_order_they_came(address: str, settings) -> None:
    settings.CHROMA_URL = address
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=64) + 0.2 * rng.normal(size=(1000, 64))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    queries = vectors[:20] + 0.05 * rng.normal(size=(20, 64))
    exact = [{str(n) for n in np.argsort(-(vectors @ query))[:10]} for query in queries]
    for order in (range(1000), rng.permutation(1000)):
        collection = collection_open(f"test-{uuid.uuid4()}")
        collection.upsert([str(n) for n in order], [vectors[n].tolist() for n in order])
        found = [{key for key, _distance in collection.query(query.tolist(), 10)} for query in queries]
        assert found == exact


def test_a_collection_made_with_another_configuration_is_made_anew(address: str, settings, monkeypatch) -> None:
    settings.CHROMA_URL, name = address, f"test-{uuid.uuid4()}"
    with monkeypatch.context() as older:
        older.setattr(chroma, "HNSW", {"space": "cosine", "ef_search": 200})
        collection_open(name).upsert(["a"], [[1, 0]])
    assert not collection_open(name).is_as_wanted
    renewed = collection_renewed(name)
    assert (renewed.is_as_wanted, renewed.count()) == (True, 0)
    renewed.upsert(["a"], [[1, 0]])
    assert collection_renewed(name) == renewed
    assert renewed.count() == 1
