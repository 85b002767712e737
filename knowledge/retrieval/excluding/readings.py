"""The numbers that a text gives for a quantity, and on which side of their limit they are. Pure.

«marca 97 con consigna de 80», «51 y el máximo es 48», "22 degrees above setpoint" are above; «anda en 2.1 y el rango es
de 4 a 5» is below; «0.8 micras» of «límite 2.5 µm» is within.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from ...assistant.grounding.quantities import quantity_at, readings
from ...assistant.grounding.reading import Term
from .telling import Part, sentences_of

MOST_NUMBERS, BEFORE, BEHIND, THOUSAND = 12, 6, 8, 1000
ABOVE, WITHIN, BELOW, OUTSIDE = 1, 0, -1, 2
# A code is one token, so that its figures are no number.
_TOKEN = re.compile(
    r"[^\W\d_]{1,8}[-_/]?\d[\w./-]{0,30}|(?<![\w.-])-?\d*[.,]?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*|[^\W\d_]+|[%°±/,]"
)
_NUMBER = re.compile(r"-?\d*[.,]?\d+(?:[.,]\d+)*")
_BETWEEN = frozenset(("a", "y", "to", "and", "±"))
_GAP = r"(?: \w+| °){0,3}$"
_UPPER = re.compile(
    r"\b(?:maxim[oa]|limite|limit|max|maximum|tope|no (?:debe|puede|deben) (?:de )?pasar de|no mas de|at most)" + _GAP
)
_LOWER = re.compile(r"\b(?:minim[oa]|min|minimum|al menos|at least|no menos de)" + _GAP)
_TARGET = re.compile(
    r"\b(?:consigna|set ?point|pedimos|piden|pide|pidieron|deben?|deberia|va de|norma|rango|spec\w*|target"
    r"|should be|nominal|normal|en (?:vez|lugar) de|instead of|meta|estandar|asked|ask for|acuerda|supposed to be)"
    + _GAP
)
_OVER = re.compile(
    r"\b(?:pasa(?:n|ron)? de|mas de|arriba de|por encima de|sobre|above|over|exceeds?|supera|sube sobre|climbs above"
    r"|rises above|more than|mayor (?:a|de|que)"
    r"|no baja(?:n)? de)(?: los| las)?$"
)
_UNDER = re.compile(
    r"\b(?:menos de|debajo de|por debajo de|abajo de|below|under|less than|menor (?:a|de|que)"
    r"|no (?:llega|alcanza)n?(?: a)?|no (?:pasa|sube)n? de|falls? below|drops? below|(?<!no )bajan? de)(?: los| las)?$"
)
_RISES = re.compile(r"\b(?:sube(?:n)? (?:a|hasta)|climbs? to|rises? to)$")
_FALLS = re.compile(r"\b(?:cae(?:n)? a|baja(?:n)? (?:a|hasta)|falls? to|drops? to|dropped to)$")
# «22 grados arriba de la consigna»: of a distance, not of a value.
_FROM = r"^(?:\w+ |° ?){0,2}"
_REFERENCE = (
    r" (?:de |del |of |the |la |el |lo )*(?:consigna|set ?point|target|nominal|minim|maxim|spec|limit|norma|pedid)"
)
_FAR_ABOVE = re.compile(_FROM + r"(?:above|over|arriba|por encima|encima)" + _REFERENCE)
_FAR_BELOW = re.compile(_FROM + r"(?:below|under|abajo|por debajo|debajo)" + _REFERENCE)
# «800 kg arriba», "30 g over": only of a number with its unit.
_UNIT_ABOVE = re.compile(r"^(?:\w+|°|° \w) (?:de mas|above|over|arriba|too (?:much|high|hot))(?! de)\b")
_UNIT_BELOW = re.compile(r"^(?:\w+|°|° \w) (?:de menos|below|under|abajo|short|too (?:little|low|cold))(?! de)\b")


_ROLES = (
    *(("under", _UNDER), ("over", _OVER), ("rises", _RISES), ("falls", _FALLS)),
    *(("upper", _UPPER), ("lower", _LOWER), ("target", _TARGET)),
)
_SHOWN = re.compile(
    r"(?:,|\b(?:marca|miden?|dan?|dio|dieron|dice|lee|leo|en|sale|trae|llego a|llega a|a|at|is|was|reads?|measures?"
    r"|shows?|de|con|normal))$"
)
_DISTANCES = (("far above", _FAR_ABOVE), ("far below", _FAR_BELOW))
_DISTANCES_OF_UNITS = (("far above", _UNIT_ABOVE), ("far below", _UNIT_BELOW))
_LIMITING = frozenset(("upper", "lower", "target"))
_VALUES = {"": None, "rises": ABOVE, "falls": BELOW, "far above": ABOVE, "far below": BELOW}


@dataclass(frozen=True)
class Limits:
    """What a quantity should be; None: open."""

    low: float | None = None
    high: float | None = None

    def side_of(self, value: float) -> int:
        if self.high is not None and value > self.high:
            return ABOVE
        return BELOW if self.low is not None and value < self.low else WITHIN


@dataclass(frozen=True)
class Reading:
    """A number with what stands around it. `side` is None where the text gives no limit for it; `limits` are those of
    the quantity, or what the number itself crosses. `factor` turns the number into the first unit of its dimension."""

    value: float
    unit: str
    factor: float
    sentence: Part
    side: int | None = None
    limits: Limits | None = None
    is_shown: bool = False  # behind «marca», «está en»: no name of a place or machine

    @property
    def things(self) -> tuple[Term, ...]:
        return tuple(term for term in self.sentence.terms if term.is_thing or not term.concepts)


@dataclass(frozen=True)
class _Number:
    value: float
    high: float | None
    unit: str
    factor: float
    role: str
    sentence: Part
    is_shown: bool


@lru_cache(maxsize=2000)
def readings_in(text: str) -> tuple[Reading, ...]:
    """At most MOST_NUMBERS numbers are read."""
    numbers = list(islice((n for s in sentences_of(text) for n in _numbers(s)), MOST_NUMBERS))
    return tuple(_readings(numbers))


def _readings(numbers: Sequence[_Number]) -> Iterator[Reading]:
    limited = {}
    for at, number in enumerate(numbers):
        if number.role in _LIMITING and (of := _value_of(numbers, at)) is not None:
            limited[of] = _limits(number)
    for at, number in enumerate(numbers):
        if number.role in _VALUES:
            limits = limited.get(at)
            side = limits.side_of(number.value) if limits else _VALUES[number.role]
            yield Reading(number.value, number.unit, number.factor, number.sentence, side, limits, number.is_shown)
        elif number.role == "outside":
            yield Reading(number.value, number.unit, number.factor, number.sentence, OUTSIDE, _limits(number))
        elif number.role == "over":
            yield Reading(number.value, number.unit, number.factor, number.sentence, ABOVE, Limits(high=number.value))
        elif number.role == "under":
            yield Reading(number.value, number.unit, number.factor, number.sentence, BELOW, Limits(low=number.value))


def _limits(number: _Number) -> Limits:
    if number.role == "upper":
        return Limits(high=number.value)
    if number.role == "lower":
        return Limits(low=number.value)
    return Limits(number.value, number.value if number.high is None else number.high)


def _value_of(numbers: Sequence[_Number], at: int) -> int | None:
    """The number that a limit is said of: the one before it, or behind it in its sentence."""
    limit = numbers[at]
    before = [n for n in range(at) if _may_be_of(numbers[n], limit)]
    if before:
        return before[-1]
    behind = (n for n in range(at + 1, len(numbers)) if numbers[n].sentence is limit.sentence)
    return next((n for n in behind if _may_be_of(numbers[n], limit)), None)


def _may_be_of(number: _Number, limit: _Number) -> bool:
    return number.role in ("", "rises", "falls") and (not number.unit or not limit.unit or number.unit == limit.unit)


def _numbers(sentence: Part) -> Iterator[_Number]:
    words = _TOKEN.findall(sentence.said)
    skipped = -1
    for at, word in enumerate(words):
        if at <= skipped or not _NUMBER.fullmatch(word) or (value := _value(words, at)) is None:
            continue
        high, skipped = _range_at(words, at)
        unit, factor = _unit(words, max(at, skipped))
        before, behind = " ".join(words[max(0, at - BEFORE) : at]), " ".join(words[at + 1 : at + BEHIND])
        role = _role(before, behind, has_unit=bool(unit), is_range=high is not None)
        if high is not None and "±" in words[at : skipped + 1]:
            value, high = value - high, value + high
        yield _Number(value, high, unit, factor, role, sentence, _SHOWN.search(before) is not None)


def _range_at(words: Sequence[str], at: int) -> tuple[float | None, int]:
    """The second number of «2 y 8», «20 ± 1», and the place of it."""
    for behind in (at + 1, at + 2, at + 3):
        if behind + 1 < len(words) and words[behind] in _BETWEEN and _NUMBER.fullmatch(words[behind + 1]):
            return _value(words, behind + 1), behind + 1
    return None, at


def _value(words: Sequence[str], at: int) -> float | None:
    """Of «-12», «.8», «2,5», «3 mil»; None for a version or a date."""
    figures = words[at].lstrip("-")
    found = readings(f"0{figures}" if figures[0] in ".," else figures)
    if not found:
        return None
    times = THOUSAND if words[at + 1 : at + 2] == ["mil"] else 1
    return times * (-found[-1] if words[at].startswith("-") else found[-1])


def _role(before: str, behind: str, *, has_unit: bool, is_range: bool) -> str:
    for role, pattern in (*_DISTANCES, *(_DISTANCES_OF_UNITS if has_unit else ())):
        if pattern.search(behind):
            return role
    for role, pattern in _ROLES:
        if pattern.search(before):
            return role
    if is_range and before.endswith("fuera de"):
        return "outside"
    return "target" if is_range and re.search(r"\b(?:entre|between|de|from)$", before) else ""


def _unit(words: Sequence[str], at: int) -> tuple[str, float]:
    """The dimension of a known unit and what turns a number of it into the first unit of that; ("", 1) without one."""
    at += words[at + 1 : at + 2] == ["mil"]
    length, found = quantity_at(["1", *words[at + 1 : at + 4]], 0)
    unit = found[0].unit if length > 1 and found else None
    return (unit.dimension + unit.name, unit.factor) if unit else ("", 1.0)
