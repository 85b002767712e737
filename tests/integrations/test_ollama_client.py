"""One node over a real socket: the wire rules, and that the official client agrees with the stand-in."""

import time
from collections.abc import Iterator

import ollama
import pytest

from integrations.ollama.client import OllamaNode
from integrations.ollama.errors import NodeError
from integrations.ollama.wire import MAX_STREAM_BYTES, ChatMetrics, records
from tests.standins.process import OllamaProcess

MODEL = "qwen3:4b"
ASK = [
    {"role": "user", "content": "[1] Bomba\na| Cambiar el retén de la bomba. Probar.\n[2] Otro\na| Purgar el aire.\n"}
]


def chat(url: str, **given: object) -> Iterator[str | ChatMetrics]:
    options = {"model": MODEL, "deadline": time.monotonic() + 10, "first_token_seconds": 5} | given
    return OllamaNode(url, idle_seconds=0.5).chat_stream(ASK, **options)


def failure(url: str, **given: object) -> NodeError:
    with pytest.raises(NodeError) as caught:
        list(chat(url, **given))
    return caught.value


def test_streams_pieces_and_ends_with_metrics(node: OllamaProcess) -> None:
    *pieces, metrics = chat(node.url)
    assert "".join(pieces) == "Cambiar el retén de la bomba [1].\nPurgar el aire [2]."
    assert len(pieces) > 3
    assert metrics.is_complete
    assert (metrics.node, metrics.prompt_tokens, metrics.total_seconds) == (node.name, 318, 0.912)


def test_a_cut_at_the_token_limit_shows_in_the_metrics(node: OllamaProcess) -> None:
    *_, metrics = chat(node.url, options={"num_predict": 2})
    assert metrics.done_reason == "length"
    assert not metrics.is_complete


def test_thinking_is_left_out(node: OllamaProcess) -> None:
    node.set(thinks=True)
    *pieces, _ = chat(node.url)
    assert "Veamos" not in "".join(pieces)
    list(chat(node.url, think=False))
    assert node.stats()["last_body"]["think"] is False


def test_a_schema_is_passed_on(node: OllamaProcess) -> None:
    *pieces, _ = chat(node.url, schema={"type": "object"})
    assert "".join(pieces).startswith('{"steps": [{"text": "Cambiar el retén')


@pytest.mark.parametrize(
    ("mode", "code", "retryable"),
    [
        ("error", "server_error", True),
        ("busy", "busy", True),
        ("reset", "unreachable", True),
        ("cut", "stream_cut", True),
        ("no_done", "stream_cut", True),
        ("error_line", "stream_error", True),
        ("garbage", "bad_answer", True),
        ("hang_later", "idle_timeout", True),
    ],
)
def test_every_failure_has_its_code(node: OllamaProcess, mode: str, code: str, retryable: bool) -> None:
    node.set(mode=mode)
    error = failure(node.url)
    assert (error.code, error.retryable) == (code, retryable)
    assert error.is_node_fault == (code != "busy")


def test_a_silent_node_is_left_after_the_first_token_limit(node: OllamaProcess) -> None:
    node.set(mode="hang")
    assert failure(node.url, first_token_seconds=0.3).code == "first_token_timeout"


def test_an_endless_answer_ends_at_the_deadline_and_is_cancelled(node: OllamaProcess) -> None:
    node.set(mode="babble", tokens_per_second=200)
    assert failure(node.url, deadline=time.monotonic() + 0.4).code == "deadline"
    assert await_cancelled(node)


def test_closing_the_iterator_cancels_the_work_on_the_node(node: OllamaProcess) -> None:
    node.set(mode="babble", tokens_per_second=200)
    stream = chat(node.url)
    next(stream)
    stream.close()
    assert await_cancelled(node)


def await_cancelled(node: OllamaProcess) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if node.stats()["cancelled"] and not node.stats()["running"]:
            return True
        time.sleep(0.05)
    return False


def test_a_missing_model_is_not_the_nodes_fault(node: OllamaProcess) -> None:
    error = failure(node.url, model="nope:1b")
    assert (error.code, error.is_node_fault, error.status) == ("model_missing", False, 404)


def test_an_embedder_refuses_to_chat(node: OllamaProcess) -> None:
    error = failure(node.url, model="bge-m3")
    assert (error.code, error.retryable) == ("bad_request", False)


def test_an_absent_node_is_unreachable_and_no_secret_shows() -> None:
    error = failure("http://ana:secreto@127.0.0.1:9")
    assert error.code == "unreachable"
    assert "secreto" not in f"{error} {error.node}"


def test_a_deadline_in_the_past_sends_nothing(node: OllamaProcess) -> None:
    assert failure(node.url, deadline=time.monotonic() - 1).code == "deadline"
    assert node.stats()["chats"] == 0


def test_embed_gives_a_unit_vector_per_text(node: OllamaProcess) -> None:
    client = OllamaNode(node.url)
    vectors = client.embed(["bomba", "retén de la bomba"], model="bge-m3", deadline=time.monotonic() + 5, dimensions=32)
    assert [round(sum(x * x for x in vector), 6) for vector in vectors] == [1.0, 1.0]
    assert client.embed([], model="bge-m3", deadline=time.monotonic() + 5) == []
    client.embed(["x"], model="bge-m3", deadline=time.monotonic() + 5, role="query")
    assert node.stats()["last_body"]["role"] == "query"


def test_vectors_of_another_dimension_are_refused(node: OllamaProcess) -> None:
    node.set(dimensions=16)
    with pytest.raises(NodeError) as caught:
        OllamaNode(node.url).embed(["x"], model="bge-m3", deadline=time.monotonic() + 5, dimensions=32)
    assert caught.value.code == "wrong_dimension"


def test_models_loaded_models_and_version(node: OllamaProcess) -> None:
    client = OllamaNode(node.url)
    assert [tag["name"] for tag in client.tags()] == [MODEL, "bge-m3:latest"]
    assert client.ps() == []
    list(chat(node.url))
    assert [tag["name"] for tag in client.ps()] == [MODEL]
    assert client.show(MODEL)["capabilities"] == ["completion"]
    assert client.version() == "0.17.1"


def test_a_line_separator_inside_a_string_does_not_cut_the_record() -> None:
    chunks = ['{"message":{"content":"a\u2028b"},'.encode(), b'"done":false}\n\n{"done":true}']
    assert [record.get("done") for record in records(chunks, node="n")] == [False, True]


@pytest.mark.parametrize("chunk", [b"x" * 300_000, b'{"done":false}\n' * (MAX_STREAM_BYTES // 15 + 1)])
def test_an_answer_above_the_cap_is_refused(chunk: bytes) -> None:
    with pytest.raises(NodeError) as caught:
        list(records([chunk], node="n"))
    assert caught.value.code == "too_large"


def test_the_official_client_streams_from_the_stand_in(node: OllamaProcess) -> None:
    parts = list(ollama.Client(node.url).chat(MODEL, messages=ASK, stream=True))
    assert "".join(part.message.content for part in parts).startswith("Cambiar el retén de la bomba [1].")
    assert [part.done for part in parts][-2:] == [False, True]
    assert parts[-1].done_reason == "stop"
    assert parts[-1].total_duration == 912000000


def test_the_official_client_reads_everything_else(node: OllamaProcess) -> None:
    client = ollama.Client(node.url)
    assert client.chat(MODEL, messages=ASK).message.content.endswith("Purgar el aire [2].")
    assert len(client.embed("bge-m3", input=["a", "b"]).embeddings) == 2
    assert [model.model for model in client.list().models] == [MODEL, "bge-m3:latest"]
    assert [model.model for model in client.ps().models] == [MODEL, "bge-m3:latest"]
    assert client.show(MODEL).capabilities == ["completion"]


@pytest.mark.parametrize(("mode", "status"), [("error", 500), ("busy", 503), ("error_line", -1)])
def test_the_official_client_sees_the_failures(node: OllamaProcess, mode: str, status: int) -> None:
    node.set(mode=mode)
    with pytest.raises(ollama.ResponseError) as caught:
        list(ollama.Client(node.url).chat(MODEL, messages=ASK, stream=True))
    assert caught.value.status_code == status


def test_another_context_length_loads_the_model_again(node: OllamaProcess) -> None:
    for num_ctx in (8192, 8192, 4096):
        list(chat(node.url, options={"num_ctx": num_ctx}))
    assert node.stats()["loads"] == 2
