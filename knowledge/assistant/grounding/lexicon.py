"""The words of the trade in Spanish and English, by what they stand for (`words/`); stems for the rest."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("words")
ACTIONS, THINGS, QUALITIES = "actions", "things", "qualities"
# `descargar` is `descarg-` as well as `descarga-`.
NEAR_ENDINGS = 2
# Endings of both languages, longest first; what is left has at least SHORTEST_ROOT letters.
_ENDINGS = """
    aciones acion adores adora ador amiento amientos imiento mente idades idad ables able ibles ible ados adas ado ada
    idos idas ido ida ando iendo andolo andola aron ieron aban aba arse erse irse arlo arla arlos arlas ar er ir an en
    as es os a e o s ations ation ings ing edly ed ers er ly ment ments ness lo la los las
"""
_LONGEST_FIRST = sorted(_ENDINGS.split(), key=len, reverse=True)
SHORTEST_ROOT = 4
SHORTEST_COMMON = 5
# One spelling for what both languages write differently: `diafragma` and `diaphragm`.
_SPELLINGS = (("ph", "f"), ("th", "t"), ("ck", "c"), ("qu", "c"), ("k", "c"), ("y", "i"), ("z", "s"))


def listed(name: str) -> dict[str, Any]:
    """A list of `words/`, as it stands there."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


class WordList:
    """Words, beginnings of words (`abr*`) and phrases (`antes_de`), each with what it stands for."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._beginnings: dict[str, set[str]] = defaultdict(set)
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for form, meaning in entries:
            self._add(form, meaning)

    def _add(self, form: str, meaning: str) -> None:
        parts = tuple(form.split("_"))
        if len(parts) > 1 and all(parts):
            self._phrases[parts[0].rstrip("*")[:2]].append((parts, meaning))
        elif form.endswith("*"):
            for beginning in _spelled_before_e(form[:-1]):
                self._beginnings[beginning].add(meaning)
        else:
            self._exact[form].add(meaning)

    def of(self, word: str) -> frozenset[str]:
        """What a word stands for: its own entry or its singular's, and those of its longest beginnings."""
        found = set(self._exact.get(word, ()))
        if not found and word.endswith("s"):
            found |= self._exact.get(word[:-1], set()) | self._exact.get(word.removesuffix("es"), set())
        known = [word[:length] for length in range(len(word), 1, -1) if word[:length] in self._beginnings]
        for beginning in known:
            if len(beginning) > len(known[0]) - NEAR_ENDINGS:
                found |= self._beginnings[beginning]
        return frozenset(found)

    def phrase_at(self, words: Sequence[str], at: int) -> tuple[int, frozenset[str]]:
        """(number of words, meanings) of the longest phrase that begins at a place; (0, none) without one."""
        best, meanings = 0, frozenset[str]()
        for parts, meaning in self._phrases.get(words[at][:2], ()):
            if len(parts) >= best and _begins(parts, words, at):
                meanings = meanings | {meaning} if len(parts) == best else frozenset((meaning,))
                best = len(parts)
        return best, meanings


def _spelled_before_e(beginning: str) -> list[str]:
    """`marc-` is written `marqu-` before an e, `utiliz-` is `utilic-`."""
    for letter, other in (("c", "qu"), ("z", "c")):
        if beginning.endswith(letter) and len(beginning) > 2:
            return [beginning, beginning[:-1] + other]
    return [beginning]


def _begins(parts: Sequence[str], words: Sequence[str], at: int) -> bool:
    if at + len(parts) > len(words):
        return False
    pairs = zip(parts, words[at : at + len(parts)], strict=True)
    return all(word.startswith(part[:-1]) if part.endswith("*") else word == part for part, word in pairs)


def _concepts() -> Iterable[tuple[str, str]]:
    for name in (ACTIONS, THINGS, QUALITIES):
        for line in listed(name)[name]:
            concept, *forms = line.split()
            yield from ((form, concept) for form in forms)


@cache
def concepts() -> WordList:
    return WordList(_concepts())


@cache
def action_names() -> frozenset[str]:
    return frozenset(line.split()[0] for line in listed(ACTIONS)[ACTIONS])


@cache
def thing_names() -> frozenset[str]:
    return frozenset(line.split()[0] for line in listed(THINGS)[THINGS])


@cache
def fillers() -> frozenset[str]:
    return frozenset(listed("function_words")["fillers"].split())


@cache
def signs() -> WordList:
    """`no` -> negation, `antes_de` -> time.later, `solo` -> scope.only."""
    return WordList(_signs())


def _signs() -> Iterable[tuple[str, str]]:
    for name, given in listed("signs").items():
        groups = {name: given} if isinstance(given, str) else {f"{name}.{kind}": text for kind, text in given.items()}
        for sign, text in groups.items():
            yield from ((form, sign) for form in text.split())


@cache
def opposites() -> dict[str, frozenset[str]]:
    """Of each concept those that say the contrary."""
    return _pairs("opposite")


@cache
def kin() -> dict[str, frozenset[str]]:
    """Of each concept those that may stand for it."""
    return _pairs("kin")


def _pairs(name: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for pair in listed("pairs")[name]:
        one, other = pair.split()
        found[one].add(other)
        found[other].add(one)
    return {name: frozenset(others) for name, others in found.items()}


@cache
def _synonyms() -> dict[str, frozenset[str]]:
    lines = (FOLDER / "synonyms.txt").read_text(encoding="utf-8").splitlines()
    return {name: frozenset(others) for name, *others in map(str.split, lines)}


def are_synonyms(one: str, other: str) -> bool:
    """Whether two roots stand together in the list that `make_synonyms` wrote."""
    known = _synonyms()
    return other in known.get(one, ()) or one in known.get(other, ())


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """The part of a folded word that its forms share, and often its translation."""
    for one, other in _SPELLINGS:
        word = word.replace(one, other)
    word = "".join(letter for at, letter in enumerate(word) if at == 0 or letter != word[at - 1])
    for ending in _LONGEST_FIRST:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_ROOT:
            return word[: -len(ending)]
    return word


def is_one_word(one: str, other: str) -> bool:
    """Whether two roots are forms of one word: one begins with the other, or they differ in the end alone."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= SHORTEST_ROOT and longer.startswith(shorter):
        return True
    common = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(shorter))
    return common >= SHORTEST_COMMON and common >= len(longer) - 2
