"""Whether a report's numbers are on the other side of the limit than the trouble of an article. Pure.

«Dureza baja: 38 HRC y el mínimo es 42» isn't «51 y el máximo es 48», nor «zona fría» "22 degrees above setpoint", nor
«la presión cae debajo de 5.5 bar» «la presión está en 6.8».
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from prsystem.core.text.cleaning import fold

from ...assistant.grounding.reading import Term
from .readings import ABOVE, BELOW, OUTSIDE, WITHIN, Limits, Reading, readings_in
from .telling import Part, parts_of

NEAR = 0.01  # of two numbers that are one limit
CLEARLY = 0.1  # so far from a faulty value a number is another one
STEPS_CHARACTERS = 1500
MOST_TIMES = 10  # a number so many times the other is of another quantity
LEAST_COUNT = 10  # a smaller whole number without unit names a zone or counts
_HIGH = re.compile(
    r"\b(?:alt[oa]s?|exceso|excedid[oa]|calientes?|sobrad[oa]s?|de mas|high|hot|too much|over\w+|grues[oa]s?"
    r"|no (?:baja|enfria)n?|(?:does|do|will) not (?:cool|drop)|(?:does|do|wo)n['’]?t (?:cool|drop))\b"
)
_LOW = re.compile(
    r"\b(?:baj[oa]s?|fri[oa]s?|falta|faltantes?|de menos|poc[oa]|delgad[oa]s?|low|cold|weak|short\w*|under\w+"
    r"|below|thin|debajo|no (?:sube|llega|alcanza|calienta)n?|(?:does|do|will) not (?:heat|rise|reach)"
    r"|(?:does|do|wo)n['’]?t (?:heat|rise|reach)|loses?|pierde)\b"
)


@dataclass(frozen=True)
class _Fault:
    """What an article says to be out of order: `side` of what it should be, and the number that it gives, if any."""

    side: int
    things: tuple[Term, ...]
    reading: Reading | None = None
    is_of_steps: bool = False


def is_beyond_other_limit(report: str, title: str, problem: str, steps: str = "") -> bool:
    """Whether a number of the report shows the contrary of the article's trouble, or that the quantity is in order; and
    none shows the trouble. `steps`: with the cause; a limit of theirs («menor a 4 mm confirma la fuga») holds for a
    number of the same unit."""
    told = [reading for reading in readings_in(report) if _is_measured(reading)]
    if not told:
        return False
    opening = parts_of(report)[:1]
    given = {r.value for r in (*readings_in(title), *readings_in(problem)) if r.side is None}
    told = [reading for reading in told if reading.side is not None or reading.value not in given]
    faults = [*_faults(title, problem), *_faults_of_steps(steps)]
    pairs = [(_side_for(reading, fault, opening), fault.side) for fault in faults for reading in told]
    known = [(side, bad) for side, bad in pairs if side is not None]
    return bool(known) and all(side != bad for side, bad in known)


def _is_measured(reading: Reading) -> bool:
    """Whether it isn't the number of a zone or a machine, or a count."""
    if reading.unit or reading.side is not None or reading.value != int(reading.value):
        return True
    return reading.is_shown and not 0 <= reading.value < LEAST_COUNT


def _faults(title: str, problem: str) -> Iterator[_Fault]:
    halves = [(_way_of(half.said), half.terms) for half in _halves(title)]
    ways = {way for way, _ in halves if way}
    way = ways.pop() if len(ways) == 1 else 0
    things = tuple(term for part in parts_of(title) for term in part.terms)
    for reading in filter(_is_measured, (*readings_in(title), *readings_in(problem))):
        side = reading.side or (way if reading.side is None else 0)
        if side and (not way or side in (way, OUTSIDE)):
            yield _Fault(side, (*things, *reading.things), reading)
    yield from (_Fault(half_way, terms) for half_way, terms in halves if way and half_way)


def _faults_of_steps(steps: str) -> Iterator[_Fault]:
    for reading in readings_in(steps[:STEPS_CHARACTERS]):
        if reading.side in (ABOVE, BELOW) and reading.limits is not None and reading.unit:
            yield _Fault(reading.side, reading.things, reading, is_of_steps=True)


def _halves(title: str) -> Iterator[Part]:
    """«Boquillas tapadas y temperatura baja» says nothing of how high the nozzles are."""
    for part in parts_of(title):
        yield from (Part(raw, fold(raw)) for raw in re.split(r"\s(?:y|and)\s", part.raw))


def _way_of(said: str) -> int:
    is_high, is_low = _HIGH.search(said) is not None, _LOW.search(said) is not None
    return 0 if is_high == is_low else ABOVE if is_high else BELOW


def _side_for(reading: Reading, fault: _Fault, opening: tuple[Part, ...]) -> int | None:
    """On which side of what the article's quantity should be the number is; None: it is of another quantity."""
    its = fault.reading
    is_shared = _shares(reading.sentence, fault)
    if fault.is_of_steps and its is not None and not (is_shared and _same_unit(reading, its)):
        return None
    if reading.side is not None:
        is_same = its is not None and (
            _same_bound(reading.limits, its.limits) or (_same_unit(reading, its) and _is_comparable(reading, its))
        )
        is_about = is_shared or any(_shares(part, fault) for part in opening)
        return reading.side if is_same or (is_about and _may_be_one(reading, its)) else None
    if its is None or not is_shared or not _may_be_one(reading, its):
        return None
    if not _is_comparable(reading, its):
        return None
    value = _in_its_unit(reading, its)
    if its.limits is not None:
        side = its.limits.side_of(value)
        return OUTSIDE if side and fault.side == OUTSIDE else side
    distance = (value - its.value) * fault.side
    return WITHIN if distance < -CLEARLY * abs(its.value) else fault.side


def _in_its_unit(one: Reading, other: Reading) -> float:
    return one.value * one.factor / other.factor if _same_unit(one, other) else one.value


def _is_comparable(one: Reading, other: Reading) -> bool:
    mine, its = abs(_in_its_unit(one, other)), abs(other.value)
    return mine <= MOST_TIMES * its and its <= MOST_TIMES * mine


def _shares(part: Part, fault: _Fault) -> bool:
    return any(part.names(term) for term in fault.things if term.is_thing or not term.concepts)


def _same_unit(one: Reading, other: Reading) -> bool:
    return bool(one.unit) and one.unit == other.unit


def _may_be_one(one: Reading, other: Reading | None) -> bool:
    return other is None or not one.unit or not other.unit or one.unit == other.unit


def _same_bound(one: Limits | None, other: Limits | None) -> bool:
    if one is None or other is None:
        return False
    mine, its = ({bound for bound in (limits.low, limits.high) if bound} for limits in (one, other))
    return any(abs(a - b) <= NEAR * abs(b) for a in mine for b in its)
