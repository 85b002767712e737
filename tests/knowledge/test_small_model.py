"""The rung between the chat model and the passages: a small model, asked when the chat model can't answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.ollama.client import OllamaNode
from integrations.ollama.cluster import Cluster
from integrations.ollama.inflight import InFlight
from knowledge.in_use import prompt_now
from knowledge.services import assisting
from tests.knowledge.samples import PASSAGES, REPORT
from tests.standins.process import OllamaProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def cluster(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[OllamaProcess]]:
    """Two nodes: one has the chat model, the other the small one."""
    with OllamaProcess(chat_model="grande:8b") as big, OllamaProcess(chat_model="chico:1b") as small:
        settings.OLLAMA_URLS = [big.url, small.url]
        settings.OLLAMA_CHAT_MODEL, settings.OLLAMA_SMALL_MODEL = "grande:8b", "chico:1b"
        made = Cluster([OllamaNode(big.url), OllamaNode(small.url)], InFlight(None))
        monkeypatch.setattr(assisting, "get_cluster", lambda: made)
        yield [big, small]


def asked() -> assisting._Attempt:
    models = assisting._models_to_ask(assisting.Evidence(0.9, 4, has_extract=True))
    return assisting._asked_in_turn(REPORT, PASSAGES, "es", lambda text: None, models, prompt_now())


def test_the_chat_model_answers_while_it_can(cluster: list[OllamaProcess]) -> None:
    assert asked().metrics.model == "grande:8b"
    assert cluster[1].stats()["chats"] == 0


def test_the_small_model_answers_when_the_chat_model_fails(cluster: list[OllamaProcess]) -> None:
    cluster[0].set(mode="error")
    attempt = asked()
    assert (attempt.error, attempt.metrics.model) == ("", "chico:1b")
    assert attempt.grounding.groundedness > 0


def test_nothing_is_asked_again_once_text_was_shown(cluster: list[OllamaProcess]) -> None:
    cluster[0].set(mode="cut", after_tokens=20)
    assert asked().error == "stream_cut"
    assert cluster[1].stats()["chats"] == 0


def test_both_failing_leaves_the_passages(cluster: list[OllamaProcess]) -> None:
    for node in cluster:
        node.set(mode="error")
    attempt = asked()
    assert (attempt.grounding, attempt.error) == (None, "server_error")
