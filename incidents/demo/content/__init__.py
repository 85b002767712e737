"""Problems of a plant and the words people report them in, kept as text files that a person of the plant can edit.

All two hundred problems are written by hand, forty per area; none is derived from another. One file per area:

    = title                          starts a problem
    @ impact urgency level flags     1 is high; flags: en (English), interno (support only), api, correo (source)
    P problem / C cause              one line each
    - step                           of the solution, in order
    + step, ++ step                  added in version 1.1 and 1.2, at this place
    F what was done                  as the engineer who resolves an incident writes it
    > title :: description           a report

`repetidos.txt` has more reports of known problems, made when they came back; `sueltos.txt` has one report a line that
no article covers: `AREA impact urgency level | title :: description | what was done` (empty: not solved yet).
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
AREA_FILES = {"PROD": "prod.txt", "MANT": "mant.txt", "CAL": "cal.txt", "TI": "ti.txt", "LOG": "log.txt"}
SLUG_LENGTH = 90
_ENGLISH = re.compile(
    r"\b(?:the|is|are|of|and|with|this|to|from|in|at|for|than|wrong|every|shows|they|new)\b", re.IGNORECASE
)
_SPANISH = re.compile(r"[áéíóúñ¿]|\b(?:el|la|los|las|de|del|que|en|y|con|sin|por|ya)\b", re.IGNORECASE)


class ContentError(ValueError):
    """A line that can't be understood; the message names file and line."""


@dataclass(frozen=True)
class Wording:
    """A report in somebody's own words."""

    title: str
    description: str

    @property
    def lang(self) -> str:
        """`en` when English function words outnumber Spanish ones, else `es`."""
        text = f"{self.title} {self.description}"
        return "en" if len(_ENGLISH.findall(text)) > len(_SPANISH.findall(text)) else "es"


@dataclass(frozen=True)
class Step:
    """A line of a solution and the minor version that brought it in."""

    since_minor: int
    text: str


@dataclass
class Problem:
    """A problem, what is known about it, and reports of it from first to last."""

    area: str
    title: str
    impact: int = 2
    urgency: int = 2
    level: str = "L1"
    flags: frozenset[str] = frozenset()
    problem: str = ""
    cause: str = ""
    done: str = ""
    steps: list[Step] = field(default_factory=list)
    reports: list[Wording] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """As the knowledge service would make it from the title."""
        plain = unicodedata.normalize("NFKD", self.title).encode("ascii", "ignore").decode().lower()
        words = re.sub(r"[^\w\s-]", "", plain)
        return re.sub(r"[-\s]+", "-", words).strip("-_")[:SLUG_LENGTH].strip("-")

    @property
    def lang(self) -> str:
        return "en" if "en" in self.flags else "es"

    @property
    def minors(self) -> list[int]:
        """0, and the minor version of every improvement."""
        return sorted({0, *(step.since_minor for step in self.steps)})

    def solution(self, minor: int) -> str:
        """Numbered Markdown steps as known in version 1.`minor`."""
        known = [step.text for step in self.steps if step.since_minor <= minor]
        return "\n".join(f"{number}. {text}" for number, text in enumerate(known, 1))


@dataclass(frozen=True)
class LooseReport:
    """A report that no article covers; `done` is empty while nobody has solved it."""

    area: str
    impact: int
    urgency: int
    level: str
    wording: Wording
    done: str


def problems() -> list[Problem]:
    """All problems in a fixed order, each with its later reports at the end."""
    found = [problem for area, name in AREA_FILES.items() for problem in _read_area(area, FOLDER / name)]
    _add_recurrences(found, FOLDER / "repetidos.txt")
    return found


def loose_reports() -> list[LooseReport]:
    return [_loose(line) for line in _lines(FOLDER / "sueltos.txt")]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _read_area(area: str, path: Path) -> list[Problem]:
    found: list[Problem] = []
    for number, line in enumerate(_lines(path), 1):
        mark, _, text = line.partition(" ")
        text = text.strip()
        if mark == "=":
            found.append(Problem(area=area, title=text))
        elif not found or not _take(found[-1], mark, text):
            raise ContentError(f"{path.name}: entry {number}: {line[:60]}")
    return found


def _take(problem: Problem, mark: str, text: str) -> bool:
    """Put one line into the problem; False when its mark is unknown."""
    match mark:
        case "@":
            impact, urgency, problem.level, *flags = text.split()
            problem.impact, problem.urgency, problem.flags = int(impact), int(urgency), frozenset(flags)
        case "P":
            problem.problem = text
        case "C":
            problem.cause = text
        case "F":
            problem.done = text
        case "-" | "+" | "++":
            problem.steps.append(Step({"-": 0, "+": 1, "++": 2}[mark], text))
        case ">":
            problem.reports.append(_wording(text))
        case _:
            return False
    return True


def _add_recurrences(found: list[Problem], path: Path) -> None:
    by_title = {problem.title: problem for problem in found}
    current: Problem | None = None
    for line in _lines(path):
        mark, _, text = line.partition(" ")
        if mark == "=":
            current = by_title[text.strip()]
        elif current is not None:
            current.reports.append(_wording(text))


def _wording(text: str) -> Wording:
    title, mark, description = text.partition(" :: ")
    if not mark:
        raise ContentError(f"no description: {text[:60]}")
    return Wording(title.strip(), description.strip())


def _loose(line: str) -> LooseReport:
    head, text, done = (part.strip() for part in line.split("|"))
    area, impact, urgency, level = head.split()
    return LooseReport(area, int(impact), int(urgency), level, _wording(text), done)
