"""Whether a report names another alarm than the article is about: E-4013 where it tells of E-4012. Pure."""

import re

from ..names import Name, named_in

_DENIED = re.compile(r"\b(?:no|not)\s(?:(?:con|es|el|la|de|the|a|an)\s){0,2}\S*\d\S*", re.IGNORECASE)


def is_other_code(report: str, title: str, problem: str) -> bool:
    """Whether the title is of alarms of which the report names none, but others of the same family and length."""
    its, told = _alarms(title), _alarms(_DENIED.sub(" ", report))
    known = its | _alarms(problem)
    if not its or any(_is_one(code, other) for code in told for other in known):
        return False
    return any(code.family == other.family and len(code.number) == len(other.number) for code in told for other in its)


def _alarms(text: str) -> set[Name]:
    """What surely is a name, with as many figures as alarms and parts have."""
    return {name for name in named_in(text) if name.is_joined and name.is_code}


def _is_one(one: Name, other: Name) -> bool:
    return one.number == other.number and one.fits(other)
