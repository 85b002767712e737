"""What is left of a proposal in the solution, sentence by sentence and by source."""

import pytest

from incidents.answers.comparing import compared

PROPOSAL = (
    "1. Cortar la corriente en el tablero y poner candado. [1]\n"
    "2. Apretar los cuatro tornillos del motor a 45 Nm. [1]\n"
    "3. Limpiar el lector del sensor con alcohol. [2]\n"
)


def test_kept_changed_deleted_and_added_are_told_apart_by_source() -> None:
    solution = (
        "Cortar la corriente en el tablero y poner candado.\n"
        "Apretar los cuatro tornillos del motor a 54 Nm.\n"
        "Se cambió el rodamiento trasero."
    )
    found = compared(PROPOSAL, solution)
    assert found.by_source[1].kept == ["Cortar la corriente en el tablero y poner candado."]
    before, after = found.by_source[1].changed[0]
    assert ("45 Nm" in before, "54 Nm" in after) == (True, True)
    assert found.by_source[2].deleted == ["Limpiar el lector del sensor con alcohol."]
    assert found.added == ["Se cambió el rodamiento trasero."]
    assert (found.is_accepted, found.is_used) == (False, True)


def test_all_of_it_is_kept_whatever_its_case_and_spaces() -> None:
    solution = "cortar la corriente en el  tablero y poner candado\nAPRETAR los cuatro tornillos del motor a 45 Nm.\n"
    found = compared(PROPOSAL, f"{solution}Limpiar el lector del sensor con alcohol.")
    assert [len(left.kept) for left in found.by_source.values()] == [2, 1]
    assert (found.added, found.is_accepted) == ([], True)


def test_another_solution_uses_nothing() -> None:
    found = compared(PROPOSAL, "Falsa alarma: el operador soltó la seta.")
    assert (found.is_used, found.added) == (False, ["Falsa alarma: el operador soltó la seta."])


def test_lines_without_a_marker_belong_to_the_next_one() -> None:
    found = compared("Cortar la corriente.\nCambiar la junta. [1]\nProbar en vacío.", "Cambiar la junta.")
    assert found.by_source[1].kept == ["Cambiar la junta."]
    assert found.by_source[1].deleted == ["Cortar la corriente.", "Probar en vacío."]


def test_a_sentence_of_two_sources_counts_for_both() -> None:
    found = compared("Purgar el circuito. [1][2]", "Purgar el circuito.")
    assert [left.kept for left in found.by_source.values()] == [["Purgar el circuito."]] * 2


@pytest.mark.parametrize("text", ["", "   ", "[1]", "\n\n"])
def test_nothing_is_compared_with_nothing(text: str) -> None:
    assert compared(text, "Algo.").is_used is False
    assert compared("Algo. [1]", text).by_source[1].deleted == ["Algo."]
