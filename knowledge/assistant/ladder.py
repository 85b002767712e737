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
    """Probabilities that a source answers, from which on: `answer`: it is proposed; `another`: a second one stands
    beside it; `cause`: its cause is told as the recorded one; `passage`: a model is given it; `similar`: cases like it
    are shown; `sure`, `likely`: what the page says of it. `grounded`: the share of a model's supported sentences.

    Chosen on cases that the weights weren't fitted on, a misleading proposal weighing five useful ones:
    `docs/recuperacion.md`.
    """

    answer: float = 0.44
    another: float = 0.44
    cause: float = 0.65
    passage: float = 0.3
    similar: float = 0.15
    sure: float = 0.85
    likely: float = 0.65
    grounded: float = 0.7


@dataclass(frozen=True)
class Evidence:
    """What is known. `confidence` is the calibrated probability that the likeliest source answers, 0 to 1; `has_found`:
    there is any source at all.

    `groundedness` is None when no model answered; `has_extract` says whether the extractive rung has a draft.
    """

    confidence: float
    has_found: bool
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
    return is_model_available and evidence.has_found and evidence.confidence >= limits.answer


def decide(evidence: Evidence, thresholds: Thresholds | None = None) -> Decision:
    """The highest rung that the evidence carries."""
    limits = thresholds or Thresholds()
    if not evidence.has_found or evidence.confidence < limits.similar:
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
