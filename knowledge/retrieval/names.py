"""Which machines, alarms and parts two texts name, and whether they name the same ones. Pure.

A name is letters with a number: `INY-07`, `iny 7`, `E-4012`, `M-218`. «molde 218» may be `M-218` and «prensa 3»
`PR-03`: families fit when one begins as the other does. Numbers of three digits and more are those of alarms, parts and
tools (`is_code`); shorter ones count machines.
"""

import re
from dataclasses import dataclass

from prsystem.core.text.cleaning import fold

CODE_DIGITS = 3
_JOINED = re.compile(r"(?<![\w.-])([^\W\d_]{1,10})[-_]?0*(\d{1,6}(?:[-_/.]?[^\W_]{1,10}){0,3})(?!\w)")
_SPACED = re.compile(r"(?<![\w.-])([^\W\d_]{2,12}) 0*(\d{1,4})(?![\w.,:%])")


@dataclass(frozen=True)
class Name:
    """`family` folded, `number` without leading zeros; `is_joined`: written as one token, which is surely a name."""

    family: str
    number: str
    is_joined: bool

    @property
    def is_code(self) -> bool:
        return len(self.number) >= CODE_DIGITS

    def fits(self, other: "Name") -> bool:
        """Whether both may be of one family."""
        short, long = sorted((self.family, other.family), key=len)
        return long.startswith(short) and (len(short) > 1 or self.family == other.family or self.is_code)


@dataclass(frozen=True)
class Agreement:
    """Names in common, and names of one family of which none is in common."""

    shared_codes: int = 0
    other_codes: int = 0
    shared_machines: int = 0
    other_machines: int = 0


def named_in(text: str) -> frozenset[Name]:
    folded = fold(text)
    joined = {Name(family, number, True) for family, number in _JOINED.findall(folded)}
    spaced = {Name(family, number, False) for family, number in _SPACED.findall(folded)}
    return frozenset(joined | spaced)


def agreement_of(asked: frozenset[Name], said: frozenset[Name]) -> Agreement:
    """Of the names of a report and those of a passage. What isn't surely a name can agree, but not disagree."""
    shared = {name for name in asked if any(_is_same(name, other) for other in said)}
    other = {
        name
        for name in asked - shared
        if name.is_joined and any(o.is_joined and name.fits(o) and name.is_code == o.is_code for o in said)
    }
    return Agreement(
        shared_codes=sum(name.is_code for name in shared),
        other_codes=sum(name.is_code for name in other),
        shared_machines=sum(not name.is_code for name in shared),
        other_machines=sum(not name.is_code for name in other),
    )


def _is_same(name: Name, other: Name) -> bool:
    return name.number == other.number and name.fits(other) and (name.is_joined or other.is_joined)
