"""An index that answers with what no Chroma would: search goes on by text, and nothing of the answer is believed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from integrations import chroma
from integrations.chroma import Collection
from knowledge.models import IndexGeneration
from knowledge.services import candidates as search_module
from knowledge.services import index_soundness
from knowledge.services.embedding import Space
from knowledge.services.search import knowledge_search
from prsystem.accounts.models import Area, User
from prsystem.core.outgoing.http import MAX_BYTES
from tests.incidents.makers import make_article
from tests.people import actor
from tests.standins.hostile import answering, hostile, http_answer

ID = "11111111-1111-1111-1111-111111111111"
GOOD = {
    "collections": {"id": ID, "configuration_json": {"hnsw": dict(chroma.HNSW)}},
    "count": 1000,
    "query": {"ids": [["1"]], "distances": [[0.1]]},
}
NONSENSE: dict[str, dict[str, object]] = {
    "all": {
        "list": [],
        "null": None,
        "text": "ok",
        "number": 7,
        "true": True,
        "list of lists": [[1]],
        "error with 200": {"error": "InternalError", "message": "x"},
        "truncated": b'{"ids": [["1"',
        "html": b"<html><body>Bienvenido</body></html>",
        "empty": b"",
        "not utf-8": b"\xff\xfe\x00",
        "brackets": b"[" * 100_000,
        "digits": b"1" * 10_000,
        "huge": b'["' + b"x" * 9_000_000 + b'"]',
        "nan": b"NaN",
    },
    "collections": {
        "without id": {"name": "x"},
        "id is null": {"id": None},
        "id leads elsewhere": {"id": "../../../../reset"},
        "configuration is a list": {"id": ID, "configuration_json": [1]},
        "hnsw is a list": {"id": ID, "configuration_json": {"hnsw": [1]}},
    },
    "count": {"negative": -1, "float": 1.5, "float infinity": b"1e999", "object": {"count": 1}},
    "query": {
        "ids null": {"ids": None, "distances": [[0.1]]},
        "no rows": {"ids": [], "distances": []},
        "row null": {"ids": [None], "distances": [None]},
        "other lengths": {"ids": [["1", "2"]], "distances": [[0.1]]},
        "more than asked": {"ids": [["1"] * 5000], "distances": [[0.1] * 5000]},
        "distance null": {"ids": [["1"]], "distances": [[None]]},
        "distance nan": b'{"ids": [["1"]], "distances": [[NaN]]}',
        "distance infinite": b'{"ids": [["1"]], "distances": [[1e999]]}',
        "distance text": {"ids": [["1"]], "distances": [["0.1"]]},
        "distance of no vectors": {"ids": [["1"]], "distances": [[-50.0]]},
        "id number": {"ids": [[1]], "distances": [[0.1]]},
        "id word": {"ids": [["uno"]], "distances": [[0.1]]},
        "id far too large": {"ids": [["9" * 40]], "distances": [[0.1]]},
        "dict of dicts": {"ids": {"0": ["1"]}, "distances": {"0": [0.1]}},
    },
}
CASES = [(place, name) for place, answers in NONSENSE.items() for name in answers]


class Index:
    """Answers as a whole index of one passage, but for what a test replaces."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = dict(GOOD)

    def answer(self, head: bytes) -> bytes:
        path = head.split(b" ")[1].decode()
        value = self.answers[path.rpartition("/")[2]]
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return http_answer(body, "Content-Type: application/json")


@pytest.fixture
def index(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    index = Index()
    monkeypatch.setattr(search_module, "space_of", lambda _embedder: Space("m", 2, "huella"))
    monkeypatch.setattr(search_module, "vectors_of", lambda *_a, **_k: [[1.0, 0.0]])
    with hostile(answering(index.answer)) as server:
        settings.CHROMA_URL = f"http://127.0.0.1:{server.port}"
        search_module.collection_of.cache_clear()
        yield index
        search_module.collection_of.cache_clear()


@pytest.fixture
def article(prod: Area) -> object:
    IndexGeneration.objects.create(fingerprint="huella", model="m", dimensions=2, collection="c", is_active=True)
    return make_article(prod)


@pytest.mark.django_db
def test_the_stand_in_is_believed_while_it_makes_sense(index: Index, article: object, marta: User) -> None:
    assert knowledge_search(rights=actor(marta).rights, text="bomba").mode == "hibrido"


@pytest.mark.django_db
@pytest.mark.parametrize(("place", "name"), CASES)
def test_nonsense_means_text_search(place: str, name: str, index: Index, article: object, marta: User) -> None:
    value = NONSENSE[place][name]
    index.answers |= dict.fromkeys(GOOD, value) if place == "all" else {place: value}
    found = knowledge_search(rights=actor(marta).rights, text="bomba hidráulica")
    assert found.mode == "texto"


def pages(head: bytes, seen: list[int], *, is_same: bool) -> bytes:
    seen.append(0)
    first = 0 if is_same else len(seen) * chroma.PAGE
    return http_answer(json.dumps({"ids": [str(first + n) for n in range(chroma.PAGE)]}).encode())


@pytest.mark.parametrize(("is_same", "most"), [(True, 2), (False, 20)])
def test_a_list_of_ids_that_never_ends_is_left(
    is_same: bool, most: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma, "MOST_PAGES", 20)
    seen: list[int] = []
    with hostile(answering(lambda head: pages(head, seen, is_same=is_same))) as server:
        settings.CHROMA_URL = f"http://127.0.0.1:{server.port}"
        with pytest.raises(chroma.ChromaError):
            list(Collection("c", ID).all_ids())
    assert server.requests == most


@pytest.mark.django_db
def test_a_server_that_fails_at_everything_is_no_damaged_collection(
    article: object, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a full disk: what is in it may be sound, so nothing is removed."""
    monkeypatch.setattr(index_soundness, "PAUSE_SECONDS", 0.0)
    seen: list[bytes] = []
    collections = http_answer(json.dumps(GOOD["collections"]).encode())
    failing = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\n{}"

    def answer(head: bytes) -> bytes:
        seen.append(head.split(b" HTTP")[0])
        return collections if seen[-1].endswith(b"/collections") else failing

    with hostile(answering(answer)) as server:
        settings.CHROMA_URL = f"http://127.0.0.1:{server.port}"
        with pytest.raises(chroma.ChromaFailing):
            index_soundness.sound_collection(IndexGeneration.objects.get())
    assert len(seen) > index_soundness.TRIES
    assert not [line for line in seen if line.startswith(b"DELETE")]


@pytest.mark.parametrize("dimensions", [3, 1536, 8192])
def test_vectors_of_any_length_come_in_answers_that_are_taken(dimensions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[int] = []

    def call(_method: str, _path: str, body: dict[str, Any], _seconds: float) -> dict[str, Any]:
        answer = {"ids": body["ids"], "embeddings": [[-1.1754944e-38] * dimensions] * len(body["ids"])}
        answers.append(len(json.dumps(answer, separators=(",", ":"))))
        return answer

    monkeypatch.setattr(chroma, "_call", call)
    ids = [str(number) for number in range(500)]
    assert list(Collection("c", ID).vectors(ids, dimensions)) == ids
    assert max(answers) < MAX_BYTES
