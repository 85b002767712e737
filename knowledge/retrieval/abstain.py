"""How likely it is that the best hit answers. Pure."""

import math

MIDDLE, SLOPE = 0.45, 12.0


def confidence_of(top_cosine: float | None, word_share: float) -> float:
    """0 to 1. `top_cosine` None (no vectors): the share of the query's words in the best hit decides alone."""
    if top_cosine is None:
        return max(0.0, min(1.0, word_share))
    return 1 / (1 + math.exp(-SLOPE * (top_cosine - MIDDLE)))
