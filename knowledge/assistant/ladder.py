"""On which rung a suggestion ends: model, extractive, similar cases, queue. A pure decision, fully testable."""

from dataclasses import dataclass
from enum import StrEnum

from .records import Rung


class State(StrEnum):
    """The contract's `estado` of a finished suggestion."""

    READY = "lista"
    UNANSWERED = "sin_respuesta"


@dataclass(frozen=True)
class Thresholds:
    """`answer`: confidence for an answer; `similar`: for showing cases; `grounded`: share of supported sentences."""

    answer: float = 0.25
    similar: float = 0.08
    grounded: float = 0.7


@dataclass(frozen=True)
class Evidence:
    """What is known. `confidence` is the calibrated probability that the passages answer, 0 to 1.

    `groundedness` is None when no model answered; `has_extract` says whether the extractive rung has a draft.
    """

    confidence: float
    passage_count: int
    has_extract: bool
    groundedness: float | None = None
    has_refused: bool = False


@dataclass(frozen=True)
class Decision:
    """`reason` is a stable code for the record: why not a higher rung."""

    rung: Rung
    state: State
    reason: str


def should_ask_model(evidence: Evidence, *, is_model_available: bool, thresholds: Thresholds | None = None) -> bool:
    """Abstaining comes before the model: with thin context it would answer, and wrongly."""
    limits = thresholds or Thresholds()
    return is_model_available and evidence.passage_count > 0 and evidence.confidence >= limits.answer


def decide(evidence: Evidence, thresholds: Thresholds | None = None) -> Decision:
    """The highest rung that the evidence carries."""
    limits = thresholds or Thresholds()
    if not evidence.passage_count or evidence.confidence < limits.similar:
        return Decision(Rung.QUEUE, State.UNANSWERED, "nothing_similar")
    if evidence.confidence < limits.answer:
        return Decision(Rung.SIMILAR, State.UNANSWERED, "low_confidence")
    if evidence.has_refused:
        return Decision(Rung.SIMILAR, State.UNANSWERED, "model_refused")
    if evidence.groundedness is not None and evidence.groundedness >= limits.grounded:
        return Decision(Rung.MODEL, State.READY, "")
    if evidence.has_extract:
        reason = "no_model" if evidence.groundedness is None else "ungrounded"
        return Decision(Rung.EXTRACTIVE, State.READY, reason)
    return Decision(Rung.SIMILAR, State.UNANSWERED, "no_solution")
