"""Measured values beside their floors, as a table and as plain data."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEADINGS = ("Medida", "Valor", "Piso", "Razón", "Objetivo", "")


@dataclass(frozen=True)
class Figure:
    """One value. `floor` is the least that the same work can cost, measured in the same run, in the same unit.

    `target` is an upper limit for the value, `target_ratio` one for value / floor; both None where none is set.
    """

    suite: str
    name: str
    value: float
    unit: str
    floor: float | None = None
    target: float | None = None
    target_ratio: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def is_met(self) -> bool | None:
        """Whether every target set is met; None without a target."""
        checks = []
        if self.target is not None:
            checks.append(self.value <= self.target)
        if self.target_ratio is not None and self.ratio is not None:
            checks.append(self.ratio <= self.target_ratio)
        return all(checks) if checks else None

    def as_data(self) -> dict[str, Any]:
        return {
            "grupo": self.suite,
            "medida": self.name,
            "valor": round(self.value, 3),
            "unidad": self.unit,
            "piso": None if self.floor is None else round(self.floor, 3),
            "razon": None if self.ratio is None else round(self.ratio, 2),
            "objetivo": self.target,
            "objetivo_razon": self.target_ratio,
            "cumple": self.is_met,
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; `share` from 0 to 1. NaN when there are no values."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)] if ranked else math.nan


def cells(figure: Figure) -> tuple[str, ...]:
    """What the table shows of a figure, in the order of HEADINGS."""
    targets = []
    if figure.target is not None:
        targets.append(f"≤ {_number(figure.target)} {figure.unit}".strip())
    if figure.target_ratio is not None:
        targets.append(f"≤ {_number(figure.target_ratio)} ×")
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}".strip(),
        "" if figure.floor is None else f"{_number(figure.floor)} {figure.unit}".strip(),
        "" if figure.ratio is None else f"{_number(figure.ratio)} ×",
        ", ".join(targets),
        {True: "sí", False: "NO", None: ""}[figure.is_met],
    )


def _number(value: float) -> str:
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:.{digits}f}"


def table(figures: Sequence[Figure]) -> str:
    """The figures of one suite with aligned columns."""
    rows = [HEADINGS, *(cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(_aligned(row, widths) for row in rows)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(row, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]).rstrip()
