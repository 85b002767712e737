"""What a report says about its own urgency, by words that plants use. Pure: the words are data, never orders."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from prsystem.core.text.cleaning import fold


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
        r"emergencia",
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
    reporter_id: int | None = None
    if_priority: str = ""
    priority: str = ""
    level: str = ""
    target_area: str = ""
    assignee: str = ""

    @property
    def given(self) -> dict[str, str]:
        """What follows from it, by the contract's names of the fields."""
        values = {
            "prioridad": self.priority,
            "nivel": self.level,
            "area": self.target_area,
            "asignado_a": self.assignee,
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Reported:
    """What rules look at."""

    text: str
    area: str
    source: str
    reporter_id: int | None = None
    priority: str = ""


@dataclass(frozen=True)
class Finding:
    """One automatic value. `method` is regla, palabras, aprendido, vecinos or modelo; `reason` what led to it."""

    value: str
    confidence: float
    reason: str
    method: str

    def as_json(self) -> dict[str, Any]:
        return {
            "valor": self.value,
            "confianza": round(self.confidence, 3),
            "motivo": self.reason,
            "metodo": self.method,
        }


def first_match(rules: Iterable[Rule], report: Reported) -> tuple[Rule, str] | None:
    """The first rule that holds, with the words that were found (or its name when it asks for none)."""
    folded = " ".join(fold(report.text).split())
    for rule in rules:
        if not _holds(rule, report):
            continue
        found = _first_phrase(rule.words, folded)
        if found or not rule.words:
            return rule, found or rule.name
    return None


def _holds(rule: Rule, report: Reported) -> bool:
    """Every condition but the words."""
    pairs = (
        (rule.area, report.area),
        (rule.source, report.source),
        (rule.reporter_id, report.reporter_id),
        (rule.if_priority, report.priority),
    )
    return all(not wanted or wanted == found for wanted, found in pairs)


def _first_phrase(phrases: Iterable[str], folded: str) -> str:
    for phrase in phrases:
        beginning = " ".join(fold(phrase).split())
        pattern = re.escape(beginning.rstrip("*")) + (r"\w*" if beginning.endswith("*") else r"(?!\w)")
        if beginning.strip("*") and (match := re.search(rf"(?<!\w){pattern}", folded)):
            return match[0]
    return ""
