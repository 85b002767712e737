"""The console's page of how useful the answers were, and the cases behind each figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from incidents.exams.scoring import VERDICTS
from prsystem.accounts.models import Area
from prsystem.core.console.pages import console_page
from prsystem.core.errors import InvalidInput
from prsystem.core.web.paging import keyset_page

from .judging import (
    DEFINITIONS,
    WEEKS,
    Judgement,
    cases_behind,
    figures,
    newest_exams,
    span_asked,
    span_of,
    weeks_asked,
)
from .models import ProposalOutcome

CASES = 50
SPANS = (4, WEEKS, 26, 52)
# Of the drawing, in its own units.
BAR, GAP, TALL = 28, 12, 160


@dataclass(frozen=True)
class Cell:
    """One figure and where its cases are."""

    judgement: str
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Piece:
    """A part of a stacked bar."""

    judgement: str
    x: int
    y: float
    height: float


def answers(request: HttpRequest) -> HttpResponse:
    """Useful, misleading, silent: in all, by week, by area, and of the nightly exam."""
    weeks, area = weeks_asked(request.GET), _area(request)
    span = span_of(weeks)
    found = figures(span, area)
    kept = {"semanas": weeks, **({"area": area} if area else {})}
    by_area = [(code, _cells(counts, {**kept, "area": code})) for code, counts in found.by_area.items()]
    context = {
        "total": _cells(found.total, kept),
        "by_week": [(week, _cells(counts, {**kept, "semana": week})) for week, counts in found.by_week.items()],
        "by_area": by_area,
        "chart": _chart(found.by_week),
        "is_empty": found.is_empty,
        "labels": [(one.value, one.label) for one in Judgement],
        "definitions": [(one.value, one.label, DEFINITIONS[one]) for one in Judgement],
        "areas": list(Area.objects.order_by("code")),
        "area": area,
        "weeks": weeks,
        "spans": SPANS,
        "exams": _exams(),
    }
    return console_page(request, "admin/incidents/answers.html", _("Usefulness of the answers"), context)


def answer_cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a figure: `juicio`, `area`, and `semana` (its Monday) or the last `semanas`."""
    judgement, area = request.GET.get("juicio", ""), _area(request)
    if judgement and judgement not in Judgement.values:
        raise InvalidInput.field("juicio", _("Unknown value: %(value)s.") % {"value": judgement[:40]})
    found = cases_behind(span_asked(request.GET), judgement=judgement, area=area)
    page = keyset_page(found, ("-id",), request.GET.get("cursor", ""), CASES)
    label = Judgement(judgement).label if judgement else ""
    context = {
        "page": page,
        "rows": [(row, Judgement(row.judgement).label, _resolution(row)) for row in page.rows],
        "label": label,
        "definition": DEFINITIONS[Judgement(judgement)] if judgement else "",
        "area": area,
        "week": request.GET.get("semana", ""),
    }
    title = _("Cases: %(judgement)s") % {"judgement": label} if label else _("Cases")
    return console_page(request, "admin/incidents/answer_cases.html", title, context)


def _resolution(suggestion: Any) -> str:
    """What became of the proposal at the newest resolution; empty before there is one."""
    if suggestion.came_back_at:
        return _("Reopened")
    return str(ProposalOutcome.Result(suggestion.result).label) if suggestion.result else ""


def _area(request: HttpRequest) -> str:
    return request.GET.get("area", "").upper()[:20]


def _cells(counts: Mapping[str, int], kept: Mapping[str, Any]) -> list[Cell]:
    address = reverse("admin:answer_cases")
    return [
        Cell(one.value, str(one.label), counts.get(one.value, 0), f"{address}?{query}")
        for one, query in ((one, urlencode({"juicio": one.value, **kept})) for one in Judgement)
    ]


def _chart(by_week: Mapping[date, Mapping[str, int]]) -> dict[str, Any]:
    """Stacked bars, the useful ones at the bottom, as high as the fullest week."""
    most = max([sum(counts.values()) for counts in by_week.values()], default=0)
    bars = []
    for number, (week, counts) in enumerate(by_week.items()):
        x, top = number * (BAR + GAP) + GAP, float(TALL)
        pieces = []
        for one in Judgement:
            height = TALL * counts.get(one.value, 0) / most if most else 0.0
            top -= height
            pieces.append(Piece(one.value, x, round(top, 2), round(height, 2)))
        bars.append({"week": week, "x": x + BAR // 2, "pieces": [piece for piece in pieces if piece.height]})
    return {"bars": bars, "width": len(bars) * (BAR + GAP) + GAP, "height": TALL, "most": most, "bar": BAR}


def _exams() -> list[dict[str, Any]]:
    """The newest exams, with the numbers of the cases behind each figure."""
    return [
        {"exam": exam, "verdicts": [(code, VERDICTS[code], numbers) for code, numbers in exam.verdicts.items()]}
        for exam in newest_exams()
    ]
