"""The board: figures of a period as charts and tables, and as a file."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import InvalidInput
from prsystem.core.replica.reading import may_be_stale

from .parts import board_csv, parts, tiles
from .period import Period, period_from
from .selectors import area_read, board, board_areas

SHORTCUTS = (7, 30, 90, 365)


@login_required
@require_safe
@may_be_stale
def board_page(request: SignedInRequest) -> HttpResponse:
    """The figures of a period; what was wrong with it, and no figures, where it can't be used."""
    rights = request.user.rights
    area = area_read(rights, request.GET.get("area", ""))
    context: dict[str, Any] = {"section": "board", "area": area, "areas": board_areas(rights), "given": request.GET}
    try:
        period = _period(request)
    except InvalidInput as error:
        context["errors"] = [str(text) for texts in error.errors.values() for text in texts]
        return render(request, "incidents/board.html", context, status=error.status)
    figures = board(rights, period, area)
    shown = parts(figures)
    context |= {"period": period, "tiles": tiles(figures), "parts": shown, "shortcuts": _shortcuts(period)}
    context["charts"] = [part.chart for part in shown if not part.is_empty]
    return render(request, "incidents/board.html", context)


@login_required
@require_safe
@may_be_stale
def board_export(request: SignedInRequest) -> HttpResponse:
    """The same figures as CSV, with a mark that lets spreadsheets know that it is UTF-8."""
    rights = request.user.rights
    area, period = area_read(rights, request.GET.get("area", "")), _period(request)
    content = "".join(board_csv(board(rights, period, area))).encode("utf-8-sig")
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = "-".join(["tablero", *([area.code.lower()] if area else []), str(period.first), str(period.last)])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _period(request: SignedInRequest) -> Period:
    return period_from(request.GET.dict(), timezone.localdate(), timezone.get_current_timezone())


def _shortcuts(period: Period) -> list[dict[str, Any]]:
    """Periods that end today, by their number of days."""
    today = timezone.localdate()
    return [
        {
            "days": days,
            "first": today - timedelta(days=days - 1),
            "is_current": period.last == today and period.days == days,
        }
        for days in SHORTCUTS
    ]
