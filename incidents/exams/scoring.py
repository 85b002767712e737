"""How an exam is scored and compared. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class CaseResult:
    """One case: was the article of its real resolution among five, how grounded was the answer, was there one, does it
    cite that article, and how it was searched: a machine at its limits finds by words alone for a while."""

    number: str
    is_found: bool
    groundedness: float
    is_refused: bool
    error: str = ""
    mode: str = ""
    is_cited: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "hallado": self.is_found,
            "fundamento": round(self.groundedness, 3),
            "rechazo": self.is_refused,
            "error": self.error,
            "busqueda": self.mode,
            "citado": self.is_cited,
        }


# What an exam says of an answer, by the codes of `answers.judging`, where the real resolution is known.
VERDICTS = {
    "util": _("It proposed the article of the real resolution"),
    "enganosa": _("It proposed others"),
    "callada": _("It proposed nothing"),
}


def verdicts(results: "Results") -> dict[str, list[str]]:
    """The numbers of the cases by what the exam says of their answer; {} of an exam that didn't ask that yet."""
    if not all("citado" in one for one in results.values()):
        return {}
    found: dict[str, list[str]] = {code: [] for code in VERDICTS}
    for number, one in sorted(results.items()):
        found["callada" if one["rechazo"] else "util" if one["citado"] else "enganosa"].append(number)
    return found


Results = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Totals:
    recall_at_5: float
    groundedness: float
    refusal_rate: float

    @property
    def score(self) -> float:
        """The mean of what should be high: found, grounded, answered."""
        return round((self.recall_at_5 + self.groundedness + 1 - self.refusal_rate) / 3, 4)


def totals(results: Iterable[CaseResult]) -> Totals:
    """Means over all cases; a refusal counts as not grounded only in the rate of refusals."""
    found = list(results)
    answered = [one for one in found if not one.is_refused]
    return Totals(
        recall_at_5=sum(one.is_found for one in found) / len(found),
        groundedness=sum(one.groundedness for one in answered) / len(answered) if answered else 0.0,
        refusal_rate=1 - len(answered) / len(found),
    )


def compared(candidate: Results, current: Results) -> tuple[float, float] | None:
    """Both scores, on the cases of both exams that were searched alike, when there are cases of both; None when none of
    those was searched alike: such exams can't be compared."""
    common = candidate.keys() & current.keys()
    alike = {number for number in common if _mode(candidate[number]) == _mode(current[number])}
    if common and not alike:
        return None
    ours, theirs = (totals(_results(found, alike or found.keys())).score for found in (candidate, current))
    return ours, theirs


def _mode(result: Mapping[str, Any]) -> str:
    return str(result.get("busqueda", ""))


def _results(found: Results, numbers: Iterable[str]) -> list[CaseResult]:
    return [
        CaseResult(number, one["hallado"], one["fundamento"], one["rechazo"], one["error"], _mode(one))
        for number, one in found.items()
        if number in set(numbers)
    ]


def worse_cases(current: Results, candidate: Results) -> list[str]:
    """Numbers of the cases of both exams, searched alike, that the candidate answers worse, the greatest loss first."""

    def value(one: Mapping[str, Any]) -> float:
        return float(one["hallado"]) + (0.0 if one["rechazo"] else float(one["fundamento"]))

    alike = [n for n in current if n in candidate and _mode(current[n]) == _mode(candidate[n])]
    losses = {number: value(current[number]) - value(candidate[number]) for number in alike}
    return sorted((number for number, loss in losses.items() if loss > 0), key=lambda number: -losses[number])
