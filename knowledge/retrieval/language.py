"""Tells Spanish from English, also in texts of two or three words without accents. Pure, without dependencies.

A text's score is the sum over its words' letter trigrams of the logarithm of how much more frequent the trigram is in
Spanish than in English; the 600 most telling ones, measured over help pages, encyclopedia and forum texts, are in
`language_trigrams.json`. Letters that only Spanish has count extra.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Literal

from prsystem.core.text.cleaning import fold

Language = Literal["es", "en", ""]

SPANISH_SIGNS = re.compile(r"[ñ¿¡áéíóú]", re.IGNORECASE)
SIGN_SCORE = 2.0
UNDECIDED = 1.5
# Frequent words of languages that are neither: a text with more of them than of its own is neither, too.
OTHER_WORDS = {
    "pt": "a e o de que para nao uma com os um ao aos voce foi sao tem mais pela pelo muito quando esta seu sua em do",
    "fr": "la de a le les des est une dans pour pas vous nous sur avec qui ne ce au aux du et ou sont votre je il",
    "de": "der die das und ist nicht ein eine mit auf den dem zu wird sind bei nach wie kann ich sie auch wenn im fur",
    "it": "il che di non e per una con sono della del alla nel gli lo da si come piu questo anche quando la le i un",
}
OWN_WORDS = """
    el la los las de del que y en un una con por para no se es al como mas su lo cuando esta a le les da e si me te the
    of and to in is for on with that it not this are be as at or from by when how do can i you
"""
LEAD_OF_WORDS = 2
CHARACTERS = 1000
_WORD = re.compile(r"[^\W\d_]+")
_OTHERS = tuple(frozenset(words.split()) for words in OTHER_WORDS.values())
_OWN = frozenset(OWN_WORDS.split())


@cache
def _weights() -> dict[str, float]:
    return json.loads(Path(__file__).with_name("language_trigrams.json").read_text(encoding="utf-8"))


def detect_language(text: str) -> Language:
    """ "es", "en", or "" when the text doesn't tell, as a bare code doesn't, or is in another language."""
    score = language_score(text)
    if speaks_other(text):
        return ""
    if abs(score) < UNDECIDED:
        return ""
    return "es" if score > 0 else "en"


def speaks_other(text: str) -> bool:
    """Whether it is plainly Portuguese, French, German or Italian, by the small words that only one of the two has."""
    words = _WORD.findall(fold(text[:CHARACTERS]))
    return any(
        sum(word in other - _OWN for word in words) >= sum(word in _OWN - other for word in words) + LEAD_OF_WORDS
        for other in _OTHERS
    )


def language_score(text: str) -> float:
    """Above zero for Spanish, below for English; its size grows with the evidence."""
    text = text[:CHARACTERS]
    weights = _weights()
    words = (f" {word} " for word in _WORD.findall(fold(text)))
    trigrams = (word[i : i + 3] for word in words for i in range(len(word) - 2))
    return sum(weights.get(trigram, 0.0) for trigram in trigrams) + SIGN_SCORE * len(SPANISH_SIGNS.findall(text))
