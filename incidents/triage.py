"""What a report says about its own urgency, by words that plants use. Pure: the words are data, never orders."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from prsystem.core.text import fold


@dataclass(frozen=True)
class Cue:
    """Words that stand for a priority. `pattern` is matched against lower-case text without accents."""

    priority: str
    pattern: re.Pattern[str]
    confidence: float


def _cue(priority: str, confidence: float, *words: str) -> Cue:
    return Cue(priority, re.compile(r"\b(?:" + "|".join(words) + r")\b"), confidence)


CUES = (
    _cue(
        "P1",
        0.9,
        r"(?:linea|planta|produccion|prensa|celda)s? (?:esta |estan |totalmente )*(?:parada|detenida|caida)s?",
        r"par[oa]\w* (?:la |de la |de |total de )*(?:linea|planta|produccion)",
        r"line (?:is )?(?:down|stopped)",
        r"production (?:is )?(?:down|stopped)",
        r"incendio|humo|fuga de (?:gas|aceite|amoniaco|quimico)\w*|accidente|lesionad\w+|emergencia|explosion",
        r"fire|injur\w+",
    ),
    _cue(
        "P2",
        0.75,
        r"urgente|urge|urgent|asap|cuanto antes|de inmediato",
        r"no (?:podemos|se puede) (?:facturar|embarcar|surtir|producir|liberar|timbrar)",
        r"(?:embarque|camion|cliente|lote) (?:esta )?(?:detenido|parado|esperando|retenido)",
        r"(?:nadie|ninguno) puede|todos los usuarios|toda el area|everybody",
    ),
    _cue(
        "P4",
        0.7,
        r"cuando (?:se pueda|puedan|tengan tiempo)|sin prisa|no urge|no es urgente|not urgent|low priority",
        r"(?:una )?(?:duda|consulta|pregunta|sugerencia)|solicito (?:acceso|alta|capacitacion)|how do i",
    ),
)
_CALM = re.compile(r"\bno (?:es |esta |hay )?(?:urgente|urge|emergencia|parada|detenida)\b")


@dataclass(frozen=True)
class PriorityGuess:
    """`reason` is the very words that led to it."""

    priority: str
    confidence: float
    reason: str


def guess_priority(text: str) -> PriorityGuess | None:
    """The most urgent priority whose words occur; None when nothing tells."""
    folded = fold(text)
    calm = _CALM.search(folded)
    for cue in CUES:
        found = cue.pattern.search(folded)
        if found and not (calm and calm.start() <= found.start() < calm.end() and cue.priority != "P4"):
            return PriorityGuess(cue.priority, cue.confidence, found[0])
    return None


@dataclass(frozen=True)
class Rule:
    """A rule of an administrator. Empty conditions hold for every report; `words` are phrases, `*` ends a beginning."""

    name: str
    area: str = ""
    source: str = ""
    words: tuple[str, ...] = ()
    priority: str = ""
    level: str = ""
    target_area: str = ""


def first_match(rules: Iterable[Rule], *, text: str, area: str, source: str) -> tuple[Rule, str] | None:
    """The first rule that holds, with the words that were found (or its name when it asks for none)."""
    folded = " ".join(fold(text).split())
    for rule in rules:
        if (rule.area and rule.area != area) or (rule.source and rule.source != source):
            continue
        found = _first_phrase(rule.words, folded)
        if found or not rule.words:
            return rule, found or rule.name
    return None


def _first_phrase(phrases: Iterable[str], folded: str) -> str:
    for phrase in phrases:
        beginning = " ".join(fold(phrase).split())
        pattern = re.escape(beginning.rstrip("*")) + (r"\w*" if beginning.endswith("*") else r"(?!\w)")
        if beginning.strip("*") and (match := re.search(rf"(?<!\w){pattern}", folded)):
            return match[0]
    return ""
