"""What a report says about its own urgency, by words that plants use. Pure: the words are data, never orders."""

import re
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
