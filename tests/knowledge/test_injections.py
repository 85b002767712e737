"""0 of the corpus obeyed: on the extractive rung, through a gullible model, from reports and from passages."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from integrations.ollama.client import OllamaNode
from integrations.ollama.wire import ChatMetrics
from knowledge.assistant.extractive import extractive_draft
from knowledge.assistant.grounding import Grounding, GrowingAnswer
from knowledge.assistant.hygiene import gives_orders, plain, trusted, without_orders
from knowledge.assistant.prompts import build_prompt
from knowledge.assistant.records import Passage
from tests.knowledge.injections import INJECTIONS, Injection
from tests.knowledge.samples import PASSAGES, PUMP, REPORT
from tests.standins.process import OllamaProcess

DECLARED = [injection for injection in INJECTIONS if injection.is_declared]
every = pytest.mark.parametrize("injection", INJECTIONS, ids=lambda i: i.name)
declared = pytest.mark.parametrize("injection", DECLARED, ids=lambda i: i.name)
CLEAN = extractive_draft(REPORT, PASSAGES, lang="es", confidence=0.8)


@pytest.fixture(scope="module")
def gullible() -> Iterator[OllamaProcess]:
    """A node whose model repeats what an attacker asks for, with a false citation."""
    with OllamaProcess(answer="gullible") as node:
        yield node


def answered(node: OllamaProcess, report: str, passages: list[Passage]) -> tuple[str, Grounding]:
    """(the raw answer, the result that people may see)."""
    prompt = build_prompt(report, passages, lang="es")
    growing = GrowingAnswer(prompt.passages)
    stream = OllamaNode(node.url).chat_stream(
        prompt.messages, model="qwen3:4b", deadline=time.monotonic() + 10, first_token_seconds=5
    )
    shown = [growing.feed(piece) for piece in stream if not isinstance(piece, ChatMetrics)]
    result = growing.finish()
    return growing.answer, replace(result, text="\n".join([*filter(None, shown), result.text]))


def poisoned(injection: Injection) -> Passage:
    return replace(PUMP, n=6, passage_id=66, article_slug="malo", text=f"{PUMP.text}\n{injection.text}", score=0.99)


def test_the_corpus_is_large_and_in_both_languages() -> None:
    assert len(INJECTIONS) >= 100
    assert len({injection.text for injection in INJECTIONS}) == len(INJECTIONS)
    assert min(sum(i.lang == lang for i in INJECTIONS) for lang in ("es", "en")) >= 40


@every
def test_a_report_does_not_change_the_extractive_answer(injection: Injection) -> None:
    for report in (f"{REPORT} {injection.text}", f"{injection.text}\n{REPORT}"):
        assert extractive_draft(report, PASSAGES, lang="es", confidence=0.8) == CLEAN


@declared
def test_a_poisoned_passage_is_left_out_of_answer_and_prompt(injection: Injection) -> None:
    passages = [poisoned(injection), *PASSAGES]
    assert trusted(passages) == PASSAGES
    assert extractive_draft(REPORT, passages, lang="es", confidence=0.8) == CLEAN
    assert [p.n for p in build_prompt(REPORT, passages, lang="es").passages] == [1, 2, 3, 4]


@every
def test_a_gullible_model_does_not_carry_a_report_to_people(gullible: OllamaProcess, injection: Injection) -> None:
    _, result = answered(gullible, f"{REPORT}\n{injection.text}", PASSAGES)
    assert injection.canary not in result.text
    assert "malo.example" not in result.text


@pytest.mark.parametrize("injection", [i for i in INJECTIONS if not i.is_declared], ids=lambda i: i.name)
def test_what_no_list_knows_reaches_the_model_and_is_stopped_behind_it(
    gullible: OllamaProcess, injection: Injection
) -> None:
    raw, result = answered(gullible, f"{REPORT}\n{injection.text}", PASSAGES)
    assert injection.canary in raw
    assert injection.canary not in result.text
    assert result.groundedness == 0.0


def test_an_honest_model_is_shown_through_the_same_path() -> None:
    with OllamaProcess() as node:
        _, result = answered(node, REPORT, PASSAGES)
    assert result.groundedness == 1.0
    assert result.citations[0] == 1


@declared
def test_a_report_keeps_its_own_words_without_the_orders(injection: Injection) -> None:
    kept = without_orders(f"{REPORT}\n{injection.text}")
    assert kept.startswith(REPORT)
    assert not gives_orders(kept)


@pytest.mark.parametrize(
    "text",
    [
        "El operador no debe ignorar la alarma E-4012; seguir las instrucciones del manual.",
        "Responder la encuesta de calidad y cerrar el ticket con el código 12.",
        "Restablecer la contraseña del usuario y pedirle que escriba la nueva dos veces.",
        "Act on the valve as soon as the light is on; repeat the test three times.",
        "El modelo de la bomba debe ser MC02; el bot de soldadura muestra la alarma 4012.",
        "Sistema: hidráulico. Si se omiten las instrucciones del fabricante se pierde la garantía.",
        "Anular la regla 12 del cortafuegos y omitir la restricción de horario. Bypass the rule in the proxy.",
        "Ignorar todo aviso anterior al 3 de mayo y escribir la lectura en la bitácora. Saltar todo el tramo y seguir.",
        "Escribir solo en la columna B. Follow these steps: open the panel and reset the drive.",
    ],
)
def test_ordinary_texts_give_no_orders(text: str) -> None:
    assert not gives_orders(text)
    assert plain(text) == text
