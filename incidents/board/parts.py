"""The board as tables in the present language: each is shown as a chart and as a table, exported and mailed. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from incidents.case.choices import Level, Priority
from incidents.suggestions.models import Suggestion
from prsystem.core.templatetags.ui import duration
from prsystem.core.text.cleaning import csv_line

from .selectors import ALL, Board, Share, Times

Value = int | float | timedelta | None
NOTHING = "—"
HOUR = 3600


@dataclass(frozen=True)
class Column:
    """One measure; its colour is a name of the style sheet, empty when the chart leaves it out."""

    label: str
    colour: str = ""
    is_line: bool = False


@dataclass(frozen=True)
class Part:
    """A chart and its table. Values are counts, durations, or rates between 0 and 1."""

    code: str
    title: str
    help: str
    head: str
    columns: list[Column]
    rows: list[tuple[str, list[Value]]]
    is_stacked: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(value for _label, values in self.rows for value in values)

    @property
    def is_long(self) -> bool:
        return len(self.rows) > 8

    @property
    def shown(self) -> list[tuple[str, list[str]]]:
        return [(label, [value_text(value) for value in values]) for label, values in self.rows]

    @property
    def lines(self) -> list[str]:
        """As `shown`, in words: each value after the name of its column."""
        names = [column.label for column in self.columns]
        pairs = ((label, zip(names, values, strict=True)) for label, values in self.shown)
        return [f"{label}: {', '.join(f'{name} {value}' for name, value in pair)}" for label, pair in pairs]

    @property
    def chart(self) -> dict[str, Any]:
        """What the browser draws; durations in hours."""
        drawn = [(number, column) for number, column in enumerate(self.columns) if column.colour]
        return {
            "codigo": self.code,
            "titulo": self.title,
            "categorias": [label for label, _values in self.rows],
            "apilado": self.is_stacked,
            "unidad": "h" if self._has_durations else "",
            "series": [
                {
                    "nombre": column.label,
                    "color": column.colour,
                    "linea": column.is_line,
                    "datos": [_number(values[number]) for _label, values in self.rows],
                }
                for number, column in drawn
            ],
        }

    @property
    def _has_durations(self) -> bool:
        return any(isinstance(value, timedelta) for _label, values in self.rows for value in values)


@dataclass(frozen=True)
class Tile:
    """One figure that is told before all others."""

    code: str
    label: str
    value: Value
    is_alarm: bool = False

    @property
    def text(self) -> str:
        return value_text(self.value)


def value_text(value: Value) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, timedelta):
        return duration(value.total_seconds())
    if isinstance(value, float):
        # Rounded here: Django's number_format cuts a float's digits off.
        return f"{formats.number_format(round(value * 100, 1), 1)} %"
    return formats.number_format(value, force_grouping=True)


def _number(value: Value) -> float | None:
    return round(value.total_seconds() / HOUR, 2) if isinstance(value, timedelta) else value


def tiles(board: Board) -> list[Tile]:
    breached, at_risk = board.standing("vencido"), board.standing("en_riesgo")
    return [
        Tile("abiertas", _("Open"), board.open_total),
        Tile("en_riesgo", _("At risk"), at_risk),
        Tile("vencidas", _("Overdue"), breached, breached > 0),
        Tile("a_tiempo", _("Resolved in time"), board.in_time.rate),
        Tile("reaperturas", _("Reopenings"), board.reopened.rate),
        Tile("desvio", _("Solved without an incident"), board.deflected.rate),
        Tile("aceptacion", _("Proposals that helped"), board.accepted_total.rate),
    ]


def parts(board: Board) -> list[Part]:
    return [_open(board), _targets(board), _flow(board), _response(board), _resolution(board), _rates(board)]


def _open(board: Board) -> Part:
    columns = [Column(level, colour) for level, colour in zip(Level.values, ("blue", "violet", "orange"), strict=True)]
    rows: list[tuple[str, list[Value]]] = [
        (row.name, [*(row.by_level[level] for level in Level.values), row.total]) for row in board.open
    ]
    text = _("What is open now, by area and level.")
    return Part("abiertas", _("Open by area"), text, _("Area"), [*columns, Column(_("Total"))], rows, is_stacked=True)


def _targets(board: Board) -> Part:
    labels = {
        "ok": Column(_("On time"), "green"),
        "en_riesgo": Column(_("At risk"), "amber"),
        "vencido": Column(_("Breached"), "red"),
    }
    rows: list[tuple[str, list[Value]]] = [
        (level, [states[code] for code in labels]) for level, states in board.targets.items()
    ]
    text = _("How the targets of what is open stand now; the clock of what waits stands still.")
    return Part("sla", _("Targets of what is open"), text, _("Level"), list(labels.values()), rows, is_stacked=True)


def _flow(board: Board) -> Part:
    columns = [Column(_("Came in"), "blue"), Column(_("Went out"), "green"), Column(_("Open"), "orange", is_line=True)]
    rows: list[tuple[str, list[Value]]] = [
        (_days(row.first, row.last), [row.reported, row.ended, row.open]) for row in board.flow
    ]
    by_week = _("By week: what came in, what ended (resolved, closed or merged), and what was open at its end.")
    by_day = _("By day: what came in, what ended (resolved, closed or merged), and what was open at its end.")
    text = by_week if board.period.is_by_week else by_day
    return Part("flujo", _("Backlog over time"), text, _("Day"), columns, rows)


def _days(first: date, last: date) -> str:
    short = formats.date_format(first, "j b Y" if first.month == 1 and first.day == 1 else "j b")
    return short if first == last else f"{short} – {formats.date_format(last, 'j b')}"


def _response(board: Board) -> Part:
    text = _("Of what was reported in the period and has been answered, by the clock on the wall.")
    return _times("primera_respuesta", _("Time to first response"), text, board.response)


def _resolution(board: Board) -> Part:
    text = _("Of what was resolved in the period, by the clock on the wall, waits included.")
    return _times("resolucion", _("Time to resolution"), text, board.resolution)


def _times(code: str, title: str, text: str, found: list[Times]) -> Part:
    columns = [Column(_("Median"), "blue"), Column(_("9 of 10 within"), "violet"), Column(_("Incidents"))]
    rows: list[tuple[str, list[Value]]] = [
        (str(Priority(row.priority).label) if row.priority != ALL else _("All"), [row.median, row.p90, row.count])
        for row in found
    ]
    return Part(code, title, text, _("Priority"), columns, rows)


def _rates(board: Board) -> Part:
    rungs = [
        (_("Proposals that helped: %(rung)s") % {"rung": Suggestion.Rung(rung).label if rung else NOTHING}, share)
        for rung, share in board.accepted.items()
    ]
    shares: list[tuple[str, Share]] = [
        (_("Resolved in time"), board.in_time),
        (_("Reopenings"), board.reopened),
        (_("Solved without an incident"), board.deflected),
        (_("Proposals that helped"), board.accepted_total),
        *rungs,
    ]
    rows: list[tuple[str, list[Value]]] = [(label, [share.rate, share.part, share.whole]) for label, share in shares]
    text = _(
        "Of what was resolved, how much was in time and how much was reopened; people who an article spared an "
        "incident; proposals said to be helpful, of those that were rated."
    )
    columns = [Column(_("Rate"), "blue"), Column(_("Counted")), Column(_("Of"))]
    return Part("tasas", _("Rates of the period"), text, _("Rate"), columns, rows)


def board_csv(board: Board) -> Iterator[str]:
    """One line for each figure: part, row, measure, value, unit. Durations in seconds, rates between 0 and 1."""
    yield csv_line([_("Part"), _("Row"), _("Measure"), _("Value"), _("Unit")])
    for part in parts(board):
        for label, values in part.rows:
            for column, value in zip(part.columns, values, strict=True):
                yield csv_line([part.title, label, column.label, *_plain(value)])


def _plain(value: Value) -> tuple[str, str]:
    if value is None:
        return "", ""
    if isinstance(value, timedelta):
        return str(round(value.total_seconds())), _("seconds")
    if isinstance(value, float):
        return f"{value:.4f}", _("rate")
    return str(value), _("count")
