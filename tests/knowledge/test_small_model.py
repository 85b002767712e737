"""The rung between the chat model and the passages: a small model, asked when the chat model can't answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.ollama.client import OllamaNode
from integrations.ollama.cluster import Cluster
from integrations.ollama.inflight import InFlight
from knowledge import in_use
from knowledge.assistant.grounding import check_answer
from knowledge.assistant.prompt_examples import EXAMPLES
from knowledge.assistant.prompts import PROMPT_VERSION, REFUSAL, SMALL_PROMPT, build_prompt
from knowledge.assistant.records import Passage
from knowledge.in_use import prompt_for
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
        for module in (assisting, in_use):
            monkeypatch.setattr(module, "get_cluster", lambda: made)
        yield [big, small]


def asked() -> assisting._Attempt:
    models = assisting._models_to_ask(assisting.Evidence(0.9, 4, has_extract=True))
    return assisting._asked_in_turn(REPORT, PASSAGES, "es", lambda text: None, models)


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


class TestItsPrompt:
    def test_the_big_one_is_asked_with_rules_the_small_one_with_examples(self, cluster: list[OllamaProcess]) -> None:
        assert asked().prompt.version == PROMPT_VERSION
        cluster[0].set(mode="error")
        attempt = asked()
        roles = [message["role"] for message in cluster[1].stats()["last_body"]["messages"]]
        assert attempt.prompt.version == SMALL_PROMPT
        assert roles == ["system", "user", "assistant", "user", "assistant", "user"]
        assert len(attempt.prompt.passages) == 3 < len(PASSAGES)
        assert [p.n for p in attempt.prompt.passages if not p.is_solution] == [2]  # one solution is all there is beside

    @pytest.mark.parametrize(
        ("size", "promoted", "expected"),
        [
            ("494.03M", "", SMALL_PROMPT),
            ("3.8B", "", SMALL_PROMPT),
            ("4.0B", "", PROMPT_VERSION),
            ("8.2B", "", PROMPT_VERSION),
            ("", "", PROMPT_VERSION),
            ("3.8B", "breve-1", "breve-1"),
            ("3.8B", "ya-no-existe", SMALL_PROMPT),
        ],
    )
    def test_the_chat_model_s_goes_by_its_size_unless_the_site_chose_one(
        self,
        cluster: list[OllamaProcess],
        monkeypatch: pytest.MonkeyPatch,
        size: str,
        promoted: str,
        expected: str,
    ) -> None:
        cluster[0].set(parameters=size)
        monkeypatch.setattr(in_use, "_promoted_of", lambda kind: promoted if kind == in_use.PROMPT else "")
        assert prompt_for("grande:8b") == expected
        assert prompt_for("chico:1b") == SMALL_PROMPT

    def test_a_model_that_repeats_the_prompt_is_stopped_at_the_fence(self, cluster: list[OllamaProcess]) -> None:
        cluster[0].set(mode="error")
        cluster[1].set(answer="echo")
        shown: list[str] = []
        models = assisting._models_to_ask(assisting.Evidence(0.9, 4, has_extract=True))
        attempt = assisting._asked_in_turn(REPORT, PASSAGES, "es", shown.append, models)
        fence = attempt.prompt.stop[1].removesuffix("|")
        asked_for = cluster[1].stats()["last_body"]
        assert asked_for["options"]["stop"] == ["<<<", f"{fence}|", "ejem|"]
        assert f"[1] {fence}|" in asked_for["messages"][-1]["content"]
        assert cluster[1].stats()["tokens"] <= 1
        assert (attempt.grounding.text, "".join(shown)) == ("", "")

    def test_the_record_tells_the_prompt_and_that_it_stops(self, cluster: list[OllamaProcess]) -> None:
        cluster[0].set(mode="error")
        told = [assisting._options_told(asked().prompt) for _ in range(2)]
        assert told[0] == told[1]  # no other input of a replay because the fence is another one
        assert told[0]["stop"] == "marcas"

    def test_all_before_the_report_is_alike_each_time(self) -> None:
        prompts = [build_prompt(REPORT, PASSAGES, lang="es", version=SMALL_PROMPT).messages for _ in range(2)]
        assert prompts[0][:-1] == prompts[1][:-1]
        assert prompts[0][-1] != prompts[1][-1]

    @pytest.mark.parametrize("lang", ["es", "en"])
    def test_its_examples_are_what_the_check_lets_through(self, lang: str) -> None:
        refused, answered = EXAMPLES[lang]
        passages = [
            Passage(n, n, f"a-{n}", title, "1.0", "solution", lang, text, 0.9) for n, title, text in answered.passages
        ]
        found = check_answer(answered.answer, passages)
        assert (found.groundedness, found.citations) == (1.0, [2, 1])  # not in the order of the passages
        assert refused.answer == REFUSAL
        assert not check_answer(answered.answer, PASSAGES).text  # repeated for another report it reaches nobody
        first = build_prompt("It slips.", PASSAGES, lang=lang, version=SMALL_PROMPT).messages[1]["content"]
        assert refused.report in first
