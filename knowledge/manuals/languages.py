"""The language of each part of a manual. Pure.

A table of options, a listing or a page of formulas has no words that tell a language, and trigrams guess: the options
of an English program were taken for Spanish and searched with Spanish stems. A part without sentences speaks what its
manual speaks.
"""

import re
from collections import Counter
from collections.abc import Sequence

from prsystem.core.text.cleaning import fold

from ..retrieval.language import Language, detect_language
from .parts import Part

LEAST_WORDS, LEAD = 6, 2  # small words of one language, and so many times those of the other
_WORD = re.compile(r"[^\W\d_]+")
_LANGUAGES: tuple[Language, ...] = ("es", "en", "")
_SPANISH = "el la los las del que en un una con por para se es al como su lo cuando esta si le"
_ENGLISH = "the of and to in is for on with that it this are be as at or from by when if you can"
_SMALL: dict[Language, frozenset[str]] = {"es": frozenset(_SPANISH.split()), "en": frozenset(_ENGLISH.split())}


def languages_of(parts: Sequence[Part]) -> list[Language]:
    """Another language than the manual's where both the letters and the small words say so."""
    guessed = [detect_language(part.text) for part in parts]
    usual = max(_LANGUAGES, key=guessed.count)
    return [guess if guess == _spoken(part.text) else usual for part, guess in zip(parts, guessed, strict=True)]


def _spoken(text: str) -> Language | None:
    """By the small words of sentences; None where there are too few."""
    words = Counter(_WORD.findall(fold(text)))
    counts = {lang: sum(words[word] for word in small) for lang, small in _SMALL.items()}
    other, best = sorted(counts, key=lambda lang: counts[lang])
    return best if counts[best] >= max(LEAST_WORDS, LEAD * counts[other]) else None
