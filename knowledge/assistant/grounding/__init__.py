"""Is every sentence of an answer held up by the passage it cites? Rules and word lists: no model, no network."""

from .answer import Grounding, GrowingAnswer, check_answer
from .splitting import split_answer
from .verdict import REASONS

__all__ = ["REASONS", "Grounding", "GrowingAnswer", "check_answer", "split_answer"]
