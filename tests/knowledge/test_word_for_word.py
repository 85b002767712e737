"""A citation is word for word: no number, unit, code, date or sign of a passage is lost on its way to the page."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.assistant import words
from knowledge.assistant.extractive import extractive_draft
from knowledge.assistant.grounding import check_answer
from knowledge.assistant.hygiene import source_text
from knowledge.assistant.records import Passage
from knowledge.citing import fragment_of, locate, without_markers
from prsystem.core.templatetags.ui import excerpt, quoted

LINES = [
    "bajar sensibilidad a 4.",
    "1. 5 bar en la línea",
    "24 - 48 V en bornes",
    "4. 5 mm de juego",
    "-40 °C en la cámara",
    "- 40 °C en la cámara",
    "– 5 mm de tolerancia",
    "12. 05. 2026 se cambió",
    "10: 30 h como máximo",
    "Pulsar [4] y luego [12] dos veces",
    "Forzar DB[12] y %M0.4",
    "#5 es el tornillo",
    "2*3*4 mm",
    "Parámetro P0.5 = 1,25 s",
    "__init__ y GPO_PLANOS_LECTURA",
    "Alarma E-4012 (ver 3)",
    "3) Probar",
    "7.",
    "caudal <b 5 l/min",
    "1.000,5 kg",
]
NUMBERED = "1. Cerrar la válvula\n2. Purgar a 5 bar\n3. Abrir a 1. 5 vueltas"


def passage(text: str) -> Passage:
    return Passage(1, 1, "prensa", "Prensa", "1.0", "solution", "es", text, 0.9)


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def test_what_looked_like_the_number_of_a_list_stays() -> None:
    assert (
        quoted("Si falla, bajar sensibilidad a 4. Probar 3 veces.")
        == "Si falla, bajar sensibilidad a 4. Probar 3 veces."
    )
    assert excerpt("Bajar sensibilidad a 4. Probar 3 veces.") == "Bajar sensibilidad a 4. Probar 3 veces."
    assert excerpt("- Bajar a 4.\n- 40 °C como máximo") == "Bajar a 4. - 40 °C como máximo"
    assert quoted("1. Bajar  a 4.\n\n 2. Probar") == "1. Bajar a 4.\n2. Probar"


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=7), st.sampled_from(["\n", " ", "\n\n"]))
def test_an_answer_word_for_word_keeps_every_number(lines: list[str], joint: str) -> None:
    text = joint.join(lines)
    draft = extractive_draft("bajar sensibilidad", [passage(text)], lang="es", confidence=0.9)
    assert draft is not None
    said = [number for sentence in draft.sentences for number in numbers(sentence.text)]
    assert said == numbers(source_text(text))
    for sentence in draft.sentences:
        assert flat(sentence.text) in flat(source_text(text))
    assert numbers(source_text(text)) == numbers(text)


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=12), st.integers(20, 400))
def test_a_citation_is_a_stretch_of_its_passage(lines: list[str], length: int) -> None:
    text = "\n".join(lines)
    draft = extractive_draft("bajar sensibilidad", [passage(text)], lang="es", confidence=0.9)
    assert draft is not None
    fragment = fragment_of(text, [sentence.text for sentence in draft.sentences], 1200)
    shown = quoted(fragment, length)
    assert flat(fragment) in flat(text)
    assert flat(shown.removesuffix("…")) in flat(text)
    assert locate({"solution": text}, fragment) is not None


@given(st.text(max_size=300), st.integers(1, 80))
def test_nothing_but_white_space_and_the_end_differs(text: str, length: int) -> None:
    shown = quoted(text, length)
    assert flat(text).startswith(flat(shown.removesuffix("…"))) and len(shown) <= length


def test_the_steps_of_a_list_lose_their_numbers_and_nothing_else() -> None:
    assert words.steps(NUMBERED) == ["Cerrar la válvula", "Purgar a 5 bar", "Abrir a 1. 5 vueltas"]
    assert words.steps("Paso 1: Cerrar\nPaso 2: Abrir") == ["Cerrar", "Abrir"]
    assert words.steps("1. 5 bar") == ["1. 5 bar"]
    assert words.steps("Hasta\n4. Reiniciar") == ["Hasta", "4. Reiniciar"]
    assert words.sentences("Ajustar a 1. 5 bar. Probar.") == ["Ajustar a 1. 5 bar.", "Probar."]


def test_a_citation_holds_the_numbers_of_its_steps() -> None:
    assert (
        fragment_of(NUMBERED, ["Cerrar la válvula", "Purgar a 5 bar"], 1200)
        == "1. Cerrar la válvula\n2. Purgar a 5 bar"
    )
    assert fragment_of(NUMBERED, ["Otras palabras"], 30) == "1. Cerrar la válvula\n2…"


@pytest.mark.parametrize("answer", ["1. Cambiar la junta tórica [1].", "Cambiar la junta tórica [1]."])
def test_a_model_may_number_its_only_step(answer: str) -> None:
    assert check_answer(answer, [passage("Cambiar la junta tórica.")]).groundedness == 1.0


def test_only_our_markers_are_taken_off() -> None:
    assert without_markers("1. Forzar DB[12] a .5 [1][2].\n2. Ver (3) [4]") == "1. Forzar DB[12] a .5.\n2. Ver (3)"
