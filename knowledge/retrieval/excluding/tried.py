"""Whether a report says that the remedy of an article was tried in vain: «ya cambiamos el sensor y sigue igual». Pure.

An act counts that the report tells as done («limpiaron», «le cambié», "already replaced") and that the steps ask for,
of the same thing. One of many steps leaves hope: LEAST_DONE of what the steps mend must be done. Checks mend nothing:
who measured can still replace.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from ...assistant.grounding.reading import Term
from .telling import Part, parts_of

STEPS_CHARACTERS = 1500
LEAST_DONE = 0.5
# What mends, not what looks, waits, locks out, writes down or tells somebody.
_MENDING = """
    tighten loosen adjust align calibrate replace clean rinse wash brush wipe scrape dry grease oil reconnect unblock
    bleed drain empty fill charge restart reset update repair balance level level_out reinstall reassemble refit
    lubricate sharpen polish retighten exchange rub blow delete weld configure synchronise sand_v restore prime
    heat cool
"""
MENDING = frozenset(_MENDING.split())
_SAME = tuple(
    frozenset(group.split())
    for group in (
        "replace exchange",
        "clean rinse wash brush wipe scrape rub blow",
        "tighten retighten adjust align level level_out balance",
        "grease oil lubricate",
        "restart reset",
        "reinstall reassemble refit",
        "bleed drain empty",
    )
)
# All of folded words: «cambié» is `cambie`, so a singular is told by what stands before it.
_DONE = re.compile(r"[a-z]{2,}(?:amos|imos|aron|ieron|yeron)$")
_SINGULAR = re.compile(r"[a-z]{3,}(?:e|i|o)$")
_ENGLISH = re.compile(r"(?:[a-z]{2,}ed|reset|bled|drained|put|rebuilt)$")
_PARTICIPLE = re.compile(r"[a-z]{2,}(?:ad[oa]s?|id[oa]s?|uest[oa]s?|ed)$")
_BY_US = re.compile(r"(?:^|\b(?:i|we|they|he|already|just|have|has|had|been|and|then|also|it|them)\s+)$")
_BEFORE = re.compile(
    r"(?:^|\b(?:ya|lo|la|los|las|le|les|y|hasta|tambien|despues)\s+(?:(?:se|le|les|lo|la|los|las|me)\s+)*)$"
)
_PERFECT = re.compile(r"\b(?:he|ha|hemos|han|fue|fueron|quedo|esta|estan)\s+(?:(?:ya|bien|recien)\s+)?$")
_NOT_DONE = re.compile(r"\b(?:no|not|never|nunca|nadie|nobody|falta|if|si|desde|since|when|cuando|despues)\b")
_LONG_AGO = re.compile(
    r"\bhace (?!rato|poco)\w+ (?:dias|semanas?|mes|meses|anos?)\b|\b(?:days|weeks?|months?|years?) ago\b"
)
_RENEWED = re.compile(
    r"\b(?:pus\w+|coloc\w+|instal\w+|met\w+|put|fitted|installed)\b.{1,60}\b(?:nuev[oa]s?|otr[oa]s?|new|another)\b"
    r"|\bcon (?:otr[oa]s?|una? \w+ nuev[oa]|(?:el|la) \w+ de otr[oa])\b"
)
# «hicimos la calibración», «le di reset», "ran calibration"
_MADE = re.compile(r"\b(?:hice|hicimos|hicieron|le di|le dimos|le dieron|corri|corrimos|ejecute|ran|did)\b")
_TAKEN_UP = re.compile(r"\b(?:lo|la|los|las)\s+(?:\w+\s+)?$")
_IDLE = re.compile(
    r"(?:ante)?ayer|antier|hoy|vez|veces|hora|horas|hic\w+|luego|mismo|misma|twice|times|yesterday|today"
)
# Of a step; other Spanish words of acts are nouns in it.
_INFINITIVE = re.compile(r"(?:ar|er|ir)(?:l[aeo]s?|se)?$")
_IN_VAIN = re.compile(
    r"\b(?:sigue[n]?|seguimos|igual|lo mismo|la misma|tampoco|ni asi|aun asi|otra vez|de nuevo|volvio|vuelven?"
    r"|no (?:\w+\s+)?(?:sirvio|funciono|ayudo|quedo|quedaron|cambio|cambia|resulto|jalo)"
    r"|no se (?:quit|arregl|compus)\w+"
    r"|sin (?:exito|resultado|cambio|mejora)|en vano|continua|persisten?|no (?:luck|change|difference|help|effect)"
    r"|still|(?:the )?same|again|keeps|continues|persists|to no avail|in vain|ya(?! no\b)|already"
    r"|(?:did|does)(?: not|n['’]?t) (?:help|work|fix)|(?:has|have)n['’]t (?:helped|worked))\b"
    r"|(?:^|\by )(?:nada|nothing)$"
)


@dataclass(frozen=True)
class _Act:
    """What is done to which things, as concepts and roots; `things` is empty where only a pronoun says it."""

    acts: frozenset[str]
    things: tuple[Term, ...]

    def is_of(self, other: "_Act") -> bool:
        """What was replaced is clean and adjusted as well."""
        if not self.acts & other.acts and not ("replace" in self.acts and self.things and other.things):
            return False
        if not self.things or not other.things:
            return True
        return _shares(self.things, other.things)


def is_tried_in_vain(told: tuple[Part, ...], title: str, steps: str) -> bool:
    """Whether the acts of the steps were done, as far as LEAST_DONE of them, and the fault goes on. `steps`: the cause
    in their first line. A single act must be of what the title or the cause blames, unless it is the only one."""
    if not steps or not any(_IN_VAIN.search(part.said) for part in told):
        return False
    done = [act for part in told for act in _acts_done(part)]
    if not done:
        return False
    if any(_replaces(act, steps) for act in done):
        return True
    asked = _distinct(act for part in parts_of(steps[:STEPS_CHARACTERS]) for act in _acts_asked(part))
    matched = [step for step in asked if any(act.is_of(step) for act in done)]
    if not matched or len(matched) < LEAST_DONE * len(asked):
        return False
    blamed = [term for part in parts_of(f"{title}\n{steps.partition(chr(10))[0]}") for term in part.terms]
    return len(matched) > 1 or len(asked) == 1 or _shares(matched[0].things, blamed)


def _replaces(act: _Act, steps: str) -> bool:
    """Whether the act put another one in the place of what the cause begins with: «Anillo desgastado»."""
    culprit = next(
        (term for part in parts_of(steps)[:1] for term in part.terms if term.is_thing or not term.concepts), None
    )
    return "replace" in act.acts and culprit is not None and _shares(act.things, [culprit])


def _shares(some: Sequence[Term], others: Sequence[Term]) -> bool:
    return any(mine.is_same(its) for mine in some for its in others)


def _distinct(acts: Iterator[_Act]) -> list[_Act]:
    found: list[_Act] = []
    for act in acts:
        if not any(act.is_of(other) for other in found):
            found.append(act)
    return found


def _acts_asked(part: Part) -> Iterator[_Act]:
    return _acts_of(part, _is_asked)


def _acts_done(part: Part) -> Iterator[_Act]:
    if _LONG_AGO.search(part.said):  # the trouble came back
        return
    if _RENEWED.search(part.said):
        yield _Act(_widened(frozenset(("replace",))), _things(part.terms))
    yield from _acts_of(part, partial(_is_done, part))
    if _MADE.search(part.said):
        yield from _acts_of(part, lambda term: True)


def _acts_of(part: Part, counts: Callable[[Term], bool]) -> Iterator[_Act]:
    """The acts with the things behind each as far as the next one, and the thing before a first one."""
    acting = [n for n, term in enumerate(part.terms) if term.concepts & MENDING and counts(term)]
    for place, n in enumerate(acting):
        until = acting[place + 1] if place + 1 < len(acting) else len(part.terms)
        behind = _things(part.terms[n + 1 : until])
        before = _things(part.terms[:n]) if place == 0 and (not behind or _is_taken_up(part, n)) else ()
        yield _Act(_widened(part.terms[n].concepts & MENDING), (*before, *behind))


def _is_taken_up(part: Part, at: int) -> bool:
    """«El rodete lo cambiaron»."""
    return _TAKEN_UP.search(part.said.partition(part.terms[at].text)[0]) is not None


def _things(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    return tuple(term for term in terms if (term.is_thing or not term.concepts) and not _IDLE.fullmatch(term.text))


def _widened(acts: frozenset[str]) -> frozenset[str]:
    return acts.union(*(group for group in _SAME if group & acts))


def _is_asked(term: Term) -> bool:
    return _INFINITIVE.search(term.text) is not None or (term.is_head and not term.is_thing and term.text[-1] != "o")


def _is_done(part: Part, term: Term) -> bool:
    before = part.said.partition(term.text)[0]
    if _NOT_DONE.search(before):
        return False
    if _ENGLISH.match(term.text):
        return _BY_US.search(before) is not None
    if _PARTICIPLE.match(term.text):
        return _PERFECT.search(before) is not None
    return _DONE.match(term.text) is not None or bool(_SINGULAR.match(term.text) and _BEFORE.search(before))
