"""Where the procedures of a solution begin, and which of its lines are steps. Plain values."""

import re
from dataclasses import dataclass, field

from . import words
from .grounding.reading import clauses_of

_HEADING = re.compile(r"\s{0,3}#{1,6}\s+\S|\s*\*\*[^*\n]{1,120}\*\*:?\s*$")
# Beginnings of what an introduction may say that nobody may leave out.
_SAFETY = (
    *("bloque", "candad", "etiquet", "loto", "peligr", "riesg", "segur", "desenerg", "desconect", "apag", "parad"),
    *("deten", "guant", "protec", "despresur", "danger", "warning", "caution", "lock", "isolat", "unplug", "safe"),
)


@dataclass
class Procedure:
    """`title` is what stands above its steps, not one of them."""

    title: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def steps(self) -> list[str]:
        """Without an introduction to a list, unless it warns; the sentences of a procedure in one line."""
        listed = words.listed(self.lines)
        first = min(listed) if len(listed) > 1 else 0
        kept = [line for n, line in enumerate(self.lines) if n >= first or _warns(line)]
        found = words.steps("\n".join(kept))
        return found if len(found) > 1 else [part for line in found for part in words.sentences(line)]


def procedures_in(text: str) -> list[Procedure]:
    """In the order of the text, none without steps. A heading begins one, and so does a line with a colon at
    its end above a list."""
    lines = [line for line in text.split("\n") if line.strip()]
    found, listed = [Procedure()], words.listed(lines)
    for n, line in enumerate(lines):
        is_lead = line.rstrip().endswith(":") and n not in listed and n + 1 in listed
        if (_HEADING.match(line) or is_lead) and not _warns(line):
            found.append(Procedure(line.strip(" #*:")))
            continue
        found[-1].lines.append(line)
    return [procedure for procedure in found if procedure.steps]


def _warns(line: str) -> bool:
    folded = words.fold(line)
    is_negated = any(clause.is_negated for clause in clauses_of(line))
    return is_negated or any(word.startswith(_SAFETY) for word in re.findall(r"\w+", folded))
