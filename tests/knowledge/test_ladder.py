"""The whole matrix of the ladder."""

import pytest

from knowledge.assistant.ladder import Evidence, Thresholds, decide, should_ask_model

LIMITS = Thresholds()
GOOD = {"confidence": 0.8, "has_found": True, "has_extract": True}


@pytest.mark.parametrize(
    ("given", "rung", "state", "reason"),
    [
        ({"groundedness": 0.9}, "modelo", "lista", ""),
        ({"groundedness": 0.9, "has_extract": False}, "modelo", "lista", ""),
        ({"groundedness": 0.3}, "extractiva", "lista", "ungrounded"),
        ({}, "extractiva", "lista", "no_model"),
        ({"has_extract": False}, "similares", "sin_respuesta", "no_solution"),
        ({"groundedness": 0.3, "has_extract": False}, "similares", "sin_respuesta", "no_solution"),
        ({"groundedness": 0.0, "has_refused": True}, "similares", "sin_respuesta", "model_refused"),
        ({"confidence": LIMITS.answer - 0.01, "groundedness": 1.0}, "similares", "sin_respuesta", "low_confidence"),
        ({"confidence": LIMITS.similar - 0.01}, "cola", "sin_respuesta", "nothing_similar"),
        ({"has_found": False}, "cola", "sin_respuesta", "nothing_similar"),
    ],
)
def test_the_highest_rung_that_the_evidence_carries(given: dict, rung: str, state: str, reason: str) -> None:
    decision = decide(Evidence(**GOOD | given))
    assert (decision.rung, decision.state, decision.reason) == (rung, state, reason)


@pytest.mark.parametrize(
    ("given", "is_available", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"confidence": LIMITS.answer - 0.01}, True, False),
        ({"has_found": False}, True, False),
    ],
)
def test_a_model_is_asked_only_when_it_can_know(given: dict, is_available: bool, expected: bool) -> None:
    assert should_ask_model(Evidence(**GOOD | given), is_model_available=is_available) is expected
