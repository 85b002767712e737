"""Does a report speak of danger to people? Words of plants in Spanish and English, from `words.toml`. Pure.

A sign counts in its own clause: `no hubo lesionados` and `simulacro de incendio` speak of none. A site adds and
excludes words of its own in the console.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from prsystem.core.text.cleaning import fold

WORDS = Path(__file__).with_name("words.toml")
READ_CHARACTERS = 8_000  # more of a text isn't read: people say what burns at the beginning
NEAR_CHARACTERS = 80  # so far before a sign a `no` is looked for


class Kind(StrEnum):
    """What may hurt somebody; stored, so never changed."""

    FIRE = "fuego"
    GAS = "gas"
    SPILL = "derrame"
    SHOCK = "electricidad"
    INJURY = "lesion"
    TRAPPED = "atrapado"
    COLLAPSE = "caida"
    MEANING = "significado"  # by no word of the list
    SITE = "sitio"  # by the site's own words, or because a person says so


@dataclass(frozen=True)
class Danger:
    """`reason` is the very words that told it, folded."""

    kind: Kind
    reason: str


@dataclass(frozen=True)
class Signs:
    """The compiled list: what tells danger, and what in the same clause tells that there is none.

    `none` stands before a sign, with up to four words between; `things` are taken out before signs are looked for.
    """

    dangers: tuple[tuple[Kind, re.Pattern[str]], ...]
    practice: re.Pattern[str]
    things: re.Pattern[str]
    past: re.Pattern[str]
    none: re.Pattern[str]


_CLAUSE = re.compile(r"[.;!?\n]+|,|\s(?:pero|aunque|sin embargo|but|however)\s")
# Behind it another thing is told: the `no` of «no enciende y sale humo» isn't said of the smoke.
_TOLD_ANEW = re.compile(
    r"\b(?:y|and)\s+(?=(?:sal(?:e|en|io)|hay|hubo|huele|ech[ao]|sac[ao]|tir[ao]|esta|estan|trae|se|le|les|me|nos|ya"
    r"|is|are|was|there|it|the|smoke|now)\b)"
)
_MACRO = re.compile(r"\{(\w+)\}|~(\d) |(?<!\))\*|\((?!\?)")


def danger_in(text: str, *, words: Iterable[str] = (), never: Iterable[str] = ()) -> Danger | None:
    """The first danger that a report speaks of. `words` are the site's own phrases that tell one, `never` those whose
    clause tells none; a `*` at the end of a phrase stands for any ending."""
    return next(dangers_in(text, words=words, never=never), None)


def dangers_in(text: str, *, words: Iterable[str] = (), never: Iterable[str] = ()) -> Iterator[Danger]:
    """All of them, in the order of its clauses."""
    own, quiet = _phrases(words), _phrases(never)
    whole = " ".join(fold(text[:READ_CHARACTERS]).replace("\n", " . ").split())
    for clause in _clauses(whole):
        if quiet and quiet.search(clause):
            continue
        if own:
            yield from (Danger(Kind.SITE, found[0]) for found in own.finditer(clause))
        yield from _signs_in(clause)


def _clauses(text: str) -> Iterator[str]:
    return (clause.strip() for clause in _CLAUSE.split(text) if clause.strip())


def _signs_in(clause: str) -> Iterator[Danger]:
    signs = signs_shipped()
    if signs.practice.search(clause) or signs.past.search(clause):
        return
    rest = signs.things.sub(" ", clause)
    for kind, pattern in signs.dangers:
        for found in pattern.finditer(rest):
            if not signs.none.search(_before(rest, found)):
                yield Danger(kind, found[0])


def _before(rest: str, found: re.Match[str]) -> str:
    """The words before a sign, as far back as they speak of it."""
    near = rest[max(0, found.start() - NEAR_CHARACTERS) : found.end()]
    begins = [told.end() for told in _TOLD_ANEW.finditer(near) if told.end() <= len(near) - len(found[0])]
    return near[begins[-1] if begins else 0 : len(near) - len(found[0])]


@cache
def signs_shipped() -> Signs:
    """The list that comes with the product, compiled once in a process."""
    table = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    groups = {name: _either(lines, {}) for name, lines in table["groups"].items()}
    quiet = {name: _either(lines, groups) for name, lines in table["quiet"].items()}
    return Signs(
        dangers=tuple((Kind(kind), _whole(_either(lines, groups))) for kind, lines in table["signs"].items()),
        practice=_whole(quiet["practice"]),
        things=_whole(quiet["things"]),
        past=_whole(quiet["past"]),
        none=re.compile(rf"(?<!\w){quiet['none']}(?:\W+\w+){{0,4}}\W*$"),
    )


def _either(lines: Iterable[str], groups: dict[str, str]) -> str:
    return f"(?:{'|'.join(_MACRO.sub(lambda found: _meant(found, groups), line) for line in lines)})"


def _meant(found: re.Match[str], groups: dict[str, str]) -> str:
    """The regular expression for one sign of the list's small language, which `words.toml` explains."""
    if found[1]:
        return groups[found[1]]
    if found[2]:
        return rf"(?:\w+ ){{0,{found[2]}}}"
    return r"\w*" if found[0] == "*" else "(?:"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){pattern}(?!\w)")


def _phrases(phrases: Iterable[str]) -> re.Pattern[str] | None:
    folded = [" ".join(fold(phrase).split()) for phrase in phrases]
    found = [
        re.escape(phrase.rstrip("*")) + (r"\w*" if phrase.endswith("*") else "")
        for phrase in folded
        if phrase.strip("*")
    ]
    return _whole(f"(?:{'|'.join(found)})") if found else None
