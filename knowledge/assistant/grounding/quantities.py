"""Numbers with their units: `tres vueltas`, `0,5 bar`, `7.25 psi`. Two are equal when one is the other converted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from .lexicon import WordList, listed

# Conversions between systems are rounded by people: 0.5 bar is 7 psi, half an inch 13 mm.
ROUNDING = 0.035
EXACT = 1e-6
DEGREES = 1.0
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WITH_UNIT = re.compile(r"(\d+(?:[.,]\d+)?)([^\W\d_]{1,4}\d?(?:/[^\W\d_]{1,4})?)")
_FRACTION = re.compile(r"(\d{1,2})/(\d{1,2})")
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)-(\d+(?:[.,]\d+)?)")
_BELOW = frozenset(("time", "volume", "length", "mass"))
_PER = frozenset(("/", "por", "per", "al", "cada", "a", "each", "every", "la"))


@dataclass(frozen=True)
class Unit:
    """`factor` turns a number of it into the first unit of its dimension; temperatures keep their `name`."""

    dimension: str
    factor: float = 1.0
    is_imperial: bool = False
    name: str = ""


@dataclass(frozen=True)
class Quantity:
    """A number as read: `values` are its readings (`1.000` is a thousand, or one). `at` is the place of its token."""

    values: tuple[float, ...]
    unit: Unit | None
    at: int
    role: str = ""

    @property
    def dimension(self) -> str:
        return self.unit.dimension if self.unit else ""

    def is_same(self, other: "Quantity") -> bool:
        return any(_agree(self, mine, other, theirs) for mine in self.values for theirs in other.values)


def _agree(one: Quantity, mine: float, other: Quantity, theirs: float) -> bool:
    if one.unit is None or other.unit is None:
        return _near(mine, theirs, EXACT)
    if {one.dimension, other.dimension} == {"angle", "temperature"}:  # «180 grados» of an oven
        return _near(mine, theirs, EXACT)
    if one.dimension != other.dimension:
        return False
    if one.dimension == "temperature":
        return _same_temperature(one.unit.name, mine, other.unit.name, theirs)
    tolerance = EXACT if one.unit.is_imperial == other.unit.is_imperial else ROUNDING
    return _near(mine * one.unit.factor, theirs * other.unit.factor, tolerance)


def _near(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(abs(one), abs(other))


def _same_temperature(one: str, mine: float, other: str, theirs: float) -> bool:
    """Readings and differences alike: `10 °C more` is `18 °F more`."""
    if one == other:
        return _near(mine, theirs, EXACT)
    to_celsius = {"c": lambda t: t, "f": lambda t: (t - 32) / 1.8, "k": lambda t: t - 273.15}
    steps = {"c": 1.0, "f": 1 / 1.8, "k": 1.0}
    is_reading = abs(to_celsius[one](mine) - to_celsius[other](theirs)) <= DEGREES
    return is_reading or abs(mine * steps[one] - theirs * steps[other]) <= DEGREES / 2


@cache
def _units() -> tuple[dict[str, Unit], WordList]:
    """Units by their spelling; those of several words stand in the list of phrases under the spelling itself."""
    given = listed("quantities")
    imperial = frozenset(given["imperial"].split())
    found = {}
    for dimension, lines in given["units"].items():
        for line in lines:
            spellings, _, factor = line.partition(" = ")
            for spelling in spellings.split():
                name = spelling[0] if dimension == "temperature" else ""
                found[spelling] = Unit(dimension, float(factor), spelling in imperial, name)
    return found, WordList((spelling, spelling) for spelling in found if "_" in spelling)


@cache
def _numbers() -> tuple[dict[str, float], dict[str, float], dict[str, tuple[float, str]], WordList]:
    given = listed("quantities")["numbers"]
    plain = {name: float(value) for name, _, value in (pair.partition("=") for pair in given["cardinals"].split())}
    before = {name: float(value) for name, _, value in (pair.partition("=") for pair in given["before_units"].split())}
    phrases = {}
    for pair in given["phrases"].split():
        name, _, rest = pair.partition("=")
        value, _, dimension = rest.partition(":")
        phrases[name] = (float(value), dimension)
    return plain, before, phrases, WordList((name, name) for name in phrases)


def readings(number: str) -> tuple[float, ...]:
    """`2,5` is 2.5; `1.000` is 1000 or 1; `1.000,5` is 1000.5. Empty for what is no number (`4.2.1`)."""
    groups = re.split(r"[.,]", number)
    if len(groups) == 1:
        return (float(number),)
    in_thousands = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3
    if len(groups) == 2:
        decimal = float(f"{groups[0]}.{groups[1]}")
        return (float("".join(groups)), decimal) if in_thousands and groups[0] != "0" else (decimal,)
    if in_thousands:
        return (float("".join(groups)),)
    if number[-len(groups[-1]) - 1] not in number[: -len(groups[-1]) - 1]:
        return (float("".join(groups[:-1]) + "." + groups[-1]),)
    return ()


def quantity_at(words: Sequence[str], at: int) -> tuple[int, list[Quantity]]:
    """(number of tokens, quantities) at a place of folded tokens; (0, none) where no number begins."""
    plain, before, phrases, phrase_list = _numbers()
    length, names = phrase_list.phrase_at(words, at)
    if length:
        value, dimension = phrases[min(names)]
        unit_length, unit = (
            _unit_at(words, at + length) if not dimension else (0, _unit_of_phrase(min(names), dimension))
        )
        return length + unit_length, [Quantity((value,), unit, at)]
    word = words[at]
    if word == "once" and at:
        return 1, [Quantity((1.0,), Unit("times"), at)]
    if word in before:
        unit_length, unit = _unit_at(words, at + 1)
        is_count = unit is not None and unit.dimension != "angle" and len(words[at + 1]) > 2
        return (1 + unit_length, [Quantity((before[word],), unit, at)]) if is_count else (0, [])
    found = _spelled(word, plain)
    if not found:
        return 0, []
    values, own_unit = found
    if own_unit is None and words[at + 1 : at + 2] == ["mil"]:  # «10 mil horas»
        unit_length, unit = _unit_at(words, at + 2)
        return 2 + unit_length, [Quantity(tuple(1000 * number for number in values[0]), unit, at)]
    unit_length, unit = (0, own_unit) if own_unit else _unit_at(words, at + 1)
    if own_unit:
        unit_length, unit = _rate_at(words, at + 1, own_unit)
    return 1 + unit_length, [Quantity(tuple(value), unit, at) for value in values]


def _unit_of_phrase(phrase: str, dimension: str) -> Unit:
    return Unit(dimension, is_imperial=phrase.endswith(("inch", "pulgada")))


def _spelled(word: str, plain: dict[str, float]) -> tuple[list[tuple[float, ...]], Unit | None] | None:
    """(readings of each number, the unit written together with it)."""
    if word in plain:
        return [(plain[word],)], None
    if _NUMBER.fullmatch(word):
        values = readings(word)
        return ([values], None) if values else None
    if (match := _FRACTION.fullmatch(word)) and float(match[2]):
        return [(float(match[1]) / float(match[2]),)], None
    if match := _RANGE.fullmatch(word):
        return [readings(match[1]), readings(match[2])], None
    if (match := _WITH_UNIT.fullmatch(word)) and (unit := _unit_named(match[2])):
        return [readings(match[1])], unit
    return None


def _unit_named(spelling: str) -> Unit | None:
    units, _ = _units()
    if spelling in units:
        return units[spelling]
    above, slash, below = spelling.partition("/")
    if slash and above in units and below in units:
        return _rate(units[above], units[below])
    return None


def _rate(above: Unit, below: Unit) -> Unit:
    return Unit(f"{above.dimension}/{below.dimension}", above.factor / below.factor, above.is_imperial)


def _unit_at(words: Sequence[str], at: int) -> tuple[int, Unit | None]:
    if at >= len(words):
        return 0, None
    units, phrases = _units()
    length, names = phrases.phrase_at(words, at)
    if length:
        return length, units[min(names)]
    degree = words[at] in ("°", "º", "grados", "degrees", "grado")
    if degree and at + 1 < len(words) and words[at + 1] in ("c", "f", "celsius", "fahrenheit", "centigrados"):
        return 2, units[words[at + 1]]
    if degree and words[at] not in ("°", "º"):
        return 1, units["grados"]
    unit = _unit_named(words[at])
    if unit is None or (words[at] in ("a", "t", "in", "min_") and not _stands_alone(words, at)):
        return 0, None
    length, whole = _rate_at(words, at + 1, unit)
    return 1 + length, whole


def _stands_alone(words: Sequence[str], at: int) -> bool:
    """Whether `a` is ampere and `in` is inch: the next word doesn't go on with it."""
    return (
        at + 1 >= len(words)
        or not words[at + 1][:1].isalnum()
        or words[at + 1] in ("fuse", "max", "y", "and", "or", "o")
    )


def _rate_at(words: Sequence[str], at: int, unit: Unit) -> tuple[int, Unit]:
    """`por minuto`, `/ h`: what turns a unit into a rate."""
    units, _ = _units()
    if at + 1 >= len(words) or words[at] not in _PER:
        return 0, unit
    per = units.get(words[at + 1])
    if per is None or per.dimension not in _BELOW or (words[at] in ("a", "la", "al") and unit.dimension != "times"):
        return 0, unit
    return 2, _rate(unit, per)


def rate_word_at(words: Sequence[str], at: int) -> tuple[int, str]:
    """`30 bolsas por minuto`: (number of tokens, dimension of the time) of what stands behind the counted thing."""
    units, _ = _units()
    if at + 1 < len(words) and words[at] in ("/", "por", "per") and (unit := units.get(words[at + 1])):
        return (2, f"1/{unit.factor:g}") if unit.dimension == "time" else (0, "")
    return 0, ""
