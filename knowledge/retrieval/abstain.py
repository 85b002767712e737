"""How probable it is that the best hit answers. Pure.

Told by the cosine of the nearest passage, never by a fusion score, which is high for the best of nothing too. The
curves were fitted by logistic regression on answerable questions (weight .6), the same questions with their answers
taken out (.2), and questions on other subjects (.2): `docs/recuperacion.md`. Only the model's vectors give a cosine its
meaning, so every model has its own curve.
"""

import math

from .text import codes_in

# (slope, intercept) of the logit over the best cosine.
CURVES = {"multilingual-e5-small": (17.6, -8.9), "use-multilingual-v3": (11.5, -5.2)}
DEFAULT_CURVE = CURVES["multilingual-e5-small"]
# Without vectors: over the share of the question's words that occur in the best article. A weaker sign.
WORDS_CURVE = (5.9, -3.0)
# Not fitted, since no set has such codes: a shared alarm code turns an even chance into four of five.
SHARED_CODE = math.log(4)


def confidence_of(
    top_cosine: float | None, word_share: float, *, model: str = "", has_shared_code: bool = False
) -> float:
    """0 to 1. `top_cosine` None (no vectors): the share of the query's words in the best hit decides instead.

    `model` names the embedder that made the vectors.
    """
    if top_cosine is None:
        slope, intercept = WORDS_CURVE
        logit = slope * word_share + intercept
    else:
        slope, intercept = CURVES.get(model, DEFAULT_CURVE)
        logit = slope * top_cosine + intercept
    return 1 / (1 + math.exp(-(logit + SHARED_CODE * has_shared_code)))


def shares_code(question: str, text: str) -> bool:
    """Whether an alarm code or part number of the question occurs in the text, however it is written."""
    return not set(codes_in(question)).isdisjoint(codes_in(text))
