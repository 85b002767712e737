"""How much two reports tell the same, by the words that they share. Pure."""

import re

from prsystem.core.text.cleaning import fold

_WORD = re.compile(r"[a-z]{4,}|[a-z]*[-/]?\d[\w-]*")
_STEM = 6  # «arranca», «arranque» and «arrancar» begin alike


def words_of(text: str) -> frozenset[str]:
    """Words of four letters or more by their beginnings, and codes as they are; without case and accents."""
    return frozenset(word if any(c.isdigit() for c in word) else word[:_STEM] for word in _WORD.findall(fold(text)))


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0, nothing in common, to 1 (Dice's coefficient)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def likeness(title: str, description: str, other_title: str, other_description: str) -> float:
    """Of the whole texts, or of the titles alone when these hold three words or more. Codes that differ, such as the
    numbers of two machines, halve it."""
    whole, other_whole = words_of(f"{title} {description}"), words_of(f"{other_title} {other_description}")
    titles = words_of(title), words_of(other_title)
    value = shared(whole, other_whole)
    if min(len(words) for words in titles) >= 3:
        value = max(value, shared(*titles))
    codes, other_codes = _codes(whole), _codes(other_whole)
    return value / 2 if codes and other_codes and not codes & other_codes else value


def _codes(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if any(c.isdigit() for c in word))
