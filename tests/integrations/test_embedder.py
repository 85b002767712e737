"""The embedder node and its client over a real socket."""

import http.client
import json
import threading
from collections.abc import Iterator, Sequence

import httpx
import numpy as np
import pytest

from integrations.embedder.client import EmbedderError, EmbedderUnavailable, embed_texts, embedder_identity
from integrations.embedder.model import ModelError, load_model, self_test
from integrations.embedder.node import MAX_INPUTS, EmbedderServer


@pytest.fixture(scope="module")
def node() -> Iterator[EmbedderServer]:
    with EmbedderServer(("127.0.0.1", 0), load_model()) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def wire(node: EmbedderServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{node.server_port}", trust_env=False) as client:
        yield client


@pytest.fixture
def configured(node: EmbedderServer, settings) -> None:
    settings.EMBEDDER_URL = f"http://127.0.0.1:{node.server_port}"


def cosine(left: Sequence[float], right: Sequence[float]) -> float:
    return float(np.dot(left, right))


def test_answers_as_ollama_does(wire: httpx.Client) -> None:
    answer = wire.post("/api/embed", json={"model": "default", "input": "La bomba pierde aceite"}).json()
    assert answer["model"] == "multilingual-e5-small"
    assert np.linalg.norm(answer["embeddings"][0]) == pytest.approx(1, abs=1e-4)
    assert wire.get("/").status_code == 200
    assert wire.get("/api/tags").json()["models"][0]["name"] == "multilingual-e5-small"
    assert wire.post("/api/show", json={"model": "default"}).json()["capabilities"] == ["embedding"]
    assert wire.post("/api/embed", json={"model": "default", "input": []}).json()["embeddings"] == []


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"", 400, "missing request body"),
        (b"{", 400, "invalid JSON"),
        (b"[]", 400, "invalid JSON: expected an object"),
        (b'{"input": "a"}', 400, "model is required"),
        (b'{"model": "bge-m3", "input": "a"}', 404, "model 'bge-m3' not found"),
        (b'{"model": "default", "input": [1]}', 400, "invalid input type"),
        (b'{"model": "default", "input": "a", "role": "x"}', 400, "role must be 'query' or 'passage'"),
        (b'{"model": "default", "input": ["a"], "language": ["es", "en"]}', 400, "language and input differ in length"),
        (
            json.dumps({"model": "default", "input": ["a"] * (MAX_INPUTS + 1)}).encode(),
            400,
            f"at most {MAX_INPUTS} inputs",
        ),
    ],
)
def test_bad_input_is_named(wire: httpx.Client, body: bytes, status: int, message: str) -> None:
    answer = wire.post("/api/embed", content=body)
    assert (answer.status_code, answer.json()) == (status, {"error": message})


def test_hostile_texts_are_embedded_or_refused_never_a_failure(wire: httpx.Client) -> None:
    texts = [
        "",
        " ",
        "\x00\x01",
        "\u202eabc",
        "x" * 100_000,
        "ñ" * 5000,
        "😀" * 300,
        "\ud800".encode("utf-8", "replace").decode(),
    ]
    answer = wire.post("/api/embed", json={"model": "default", "input": texts}, timeout=60)
    vectors = np.array(answer.json()["embeddings"])
    assert vectors.shape == (len(texts), 384)
    assert np.isfinite(vectors).all()
    lone = wire.post("/api/embed", content=b'{"model": "default", "input": "\\ud800"}')
    assert lone.status_code == 200


def test_a_body_above_the_cap_is_refused_before_it_is_read(node: EmbedderServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", node.server_port, timeout=5)
    connection.putrequest("POST", "/api/embed")
    connection.putheader("Content-Length", str(64 * 1024 * 1024))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.usefixtures("configured")
def test_a_question_is_nearest_to_its_answer_also_across_languages() -> None:
    passages = ["The hydraulic pump leaks oil at the shaft seal.", "La impresora de etiquetas no conecta a la red."]
    vectors = embed_texts(passages, role="passage", languages=["en", "es"], deadline_seconds=10)
    (query,) = embed_texts(["fuga de aceite en la bomba"], role="query", languages=["es"], deadline_seconds=10)
    assert cosine(query, vectors[0]) > cosine(query, vectors[1])


@pytest.mark.usefixtures("configured")
def test_batches_keep_the_order_and_equal_single_texts() -> None:
    texts = [f"Alarma {number} en la prensa" for number in range(40)]
    together = embed_texts(texts, role="passage", deadline_seconds=30)
    (alone,) = embed_texts([texts[33]], role="passage", deadline_seconds=10)
    assert cosine(together[33], alone) == pytest.approx(1, abs=1e-4)


@pytest.mark.usefixtures("configured")
def test_identity_names_the_vector_space() -> None:
    identity = embedder_identity()
    assert (identity.name, identity.dimensions) == ("multilingual-e5-small", 384)
    assert len(identity.digest) == 64


@pytest.mark.usefixtures("configured")
def test_what_the_node_refuses_is_not_retried() -> None:
    with pytest.raises(EmbedderError) as caught:
        embed_texts(["a"], role="neither", deadline_seconds=5)  # type: ignore[arg-type]
    assert not caught.value.retryable


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9"])
def test_no_node_is_unavailable(settings, url: str) -> None:
    settings.EMBEDDER_URL = url
    with pytest.raises(EmbedderUnavailable) as caught:
        embed_texts(["a"], role="query", deadline_seconds=1)
    assert caught.value.retryable


@pytest.mark.usefixtures("configured")
def test_a_deadline_that_has_passed_is_unavailable() -> None:
    with pytest.raises(EmbedderUnavailable):
        embed_texts(["a"], role="query", deadline_seconds=0)


class Collapsed:
    """A broken model: every text gets the same vector."""

    name, dimensions, digest = "collapsed", 2, "0" * 64

    def embed(self, texts: Sequence[str], role: str, languages: Sequence[str]) -> np.ndarray:
        return np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(texts), 1))


def test_the_self_test_refuses_a_broken_model() -> None:
    with pytest.raises(ModelError):
        self_test(Collapsed())


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(ModelError, match="unknown model 'x'"):
        load_model("x")


def test_the_smaller_model_passes_its_self_test() -> None:
    assert load_model("use-multilingual-v3").dimensions == 512
