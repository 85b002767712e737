"""The rung without a model: word for word, cited, in the reporter's language, untouched by what people write."""

from dataclasses import replace

import pytest

from knowledge.assistant.extractive import LIMITS, MAX_STEPS, extractive_draft
from knowledge.assistant.grounding import check_answer
from knowledge.assistant.records import Draft, Passage, Rung
from tests.knowledge.samples import ENGLISH, PASSAGES, PROBLEM, PUMP, PUMP_CAUSE, REPORT, SEAL


def draft(passages: list[Passage], report: str = REPORT, lang: str = "es") -> Draft | None:
    return extractive_draft(report, passages, lang=lang, confidence=0.8)


def test_all_steps_of_the_best_solution_with_their_citations() -> None:
    found = draft(PASSAGES)
    assert found.text == (
        "Causa registrada: Entró aire en la línea de succión. [2]\n\n"
        "1. Parar la prensa y bloquear la energía. [1]\n"
        "2. Purgar el aire de la línea de succión. [1]\n"
        "3. Apretar los tornillos del acoplamiento a 45 Nm. [1]\n"
        "4. Reiniciar la alarma E-4012 con `RST ALM 4012`. [1]"
    )
    assert (found.citations, found.rung, found.confidence) == ([2, 1], Rung.EXTRACTIVE, 0.8)


def test_every_sentence_is_word_for_word_in_its_passage() -> None:
    by_number = {passage.n: passage.text for passage in PASSAGES}
    for sentence in draft(PASSAGES).sentences:
        assert sentence.text in by_number[sentence.citations[0]]


def test_its_own_answers_pass_the_check_of_the_model_rung() -> None:
    assert check_answer(draft([PUMP]).text, PASSAGES).groundedness == 1.0


def test_a_second_article_that_ranks_nearly_as_high_adds_what_is_new() -> None:
    near = replace(SEAL, score=0.88, text="Purgar el aire de la línea de succión. Cambiar el retén MC02 del eje.")
    found = draft([PUMP, near])
    assert found.text.endswith("\n\nEn otro caso similar:\nCambiar el retén MC02 del eje. [3]")
    assert found.citations == [1, 3]


def test_an_english_report_gets_the_english_case_that_ranks_about_as_high() -> None:
    found = draft([PUMP, ENGLISH], "The hydraulic pump vibrates", lang="en")
    assert found.text.startswith("1. Bleed the air from the suction line. [5]\n2. Tighten")
    assert "In another similar case:\n" in found.text
    spanish = draft([PUMP, replace(ENGLISH, score=0.5)], "The pump", lang="en")
    assert spanish.text.startswith("(The article is in Spanish.)\n\n1. Parar la prensa")


def test_without_a_solution_there_is_no_answer() -> None:
    assert draft([PROBLEM, PUMP_CAUSE]) is None
    assert draft([]) is None
    assert draft([replace(PUMP, text=" \u200b ")]) is None


def test_a_long_solution_begins_where_it_begins() -> None:
    """The step that the report speaks of stands at the end: whoever began there would leave out the lock-out."""
    lines = [f"Revisar el tablero número {n}." for n in range(1, 16)]
    lines[13] = "Revisar la bomba hidráulica que vibra."
    found = draft([replace(PUMP, text="\n".join(lines))])
    assert [s.text for s in found.sentences] == lines[:MAX_STEPS]


def test_of_several_procedures_the_one_that_the_report_means_is_shown_whole() -> None:
    text = (
        "## Cambiar el filtro\n1. Cerrar la llave.\n2. Cambiar el filtro.\n"
        "## La bomba vibra\nEsta sección trata de la vibración.\n1. Parar y bloquear.\n2. Apretar el acoplamiento."
    )
    found = draft([replace(PUMP, text=text)])
    assert [s.text for s in found.sentences] == ["Parar y bloquear.", "Apretar el acoplamiento."]


def test_an_introduction_is_no_step_unless_it_warns() -> None:
    listed = "- Purgar el aire.\n- Apretar los tornillos."
    plain = draft([replace(PUMP, text=f"Así se hace en la línea 3.\n{listed}")])
    assert [s.text for s in plain.sentences] == ["Purgar el aire.", "Apretar los tornillos."]
    for warning in ("Nunca con la prensa en marcha.", "Antes, bloquear y etiquetar.", "Riesgo eléctrico:"):
        found = draft([replace(PUMP, text=f"{warning}\n{listed}")])
        assert found.sentences[0].text == warning


def test_a_second_article_stands_by_its_own_probability_and_a_cause_by_a_higher_one() -> None:
    """However near it ranks: of 24 second blocks 21 were about something else."""
    doubtful = replace(PUMP, score=LIMITS.answer + 0.01)
    second = replace(SEAL, score=LIMITS.another - 0.01)
    found = draft([doubtful, replace(PUMP_CAUSE, score=LIMITS.answer), second])
    assert "En otro caso similar" not in found.text
    assert "Causa registrada" not in found.text
    assert "En otro caso similar" in draft([doubtful, replace(SEAL, score=LIMITS.another)]).text


def test_chunks_of_one_solution_are_read_in_order() -> None:
    second = replace(PUMP, n=1, passage_id=12, text="Segundo paso.", score=0.99)
    first = replace(PUMP, n=2, passage_id=11, text="Primer paso.", score=0.5)
    assert draft([second, first]).text == "1. Primer paso. [2]\n2. Segundo paso. [1]"


def test_old_markers_links_and_html_of_a_solution_do_not_come_out() -> None:
    dirty = "Purgar el <b>aire</b> [7]. Ver [manual](http://malo.example) y ![x](http://malo.example/x.png) DB[12]."
    assert draft([replace(PUMP, text=dirty)]).text == "1. Purgar el aire. [1]\n2. Ver manual y DB[12]. [1]"


@pytest.mark.parametrize("report", ["", "\x00\u202e", "a" * 1_000_000, "¿?" * 1000])
def test_any_report_is_answered_from_the_passages(report: str) -> None:
    assert draft([PUMP], report).citations == [1]


def test_a_step_with_another_part_number_is_not_taken_for_the_same_step() -> None:
    from knowledge.assistant.extractive import _is_known

    assert _is_known(("Cambiar la resistencia derecha.", 1), ["Cambiar la resistencia derecha si no llega."])
    assert not _is_known(("Cambiar la resistencia RS-18.", 1), ["Cambiar la resistencia RES-250W."])
