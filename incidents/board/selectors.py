"""The figures of the board, for a period and the areas that the asker reads. What each one counts:

- open, by area and level, and how their targets stand: now.
- flow, by day or week: what was reported, what ended (resolved, closed or merged), and what was open at the end of
  it. What was reopened ended when it was resolved and came back when it was reopened.
- first response: what was reported in the period and has been answered. Resolution: what was resolved in it. Both by
  the clock on the wall, waits included; and how many were resolved within their target.
- reopened: how often something was reopened in the period, for each time that something was resolved in it.
- deflected: people who said that an article spared them an incident, for each of these or report by a person.
- accepted: proposals that were said to be helpful, for each that was rated.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Aggregate, Count, DurationField, F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from incidents.case.choices import OPEN_STATES, Level, Priority
from incidents.case.models import Incident
from incidents.case.risk import target_state
from incidents.sla.models import IncidentPause
from incidents.suggestions.models import SuggestionRating
from knowledge.models import ArticleFeedback
from prsystem.accounts.models import Area
from prsystem.accounts.selectors import areas_in, in_areas
from prsystem.core.errors import Missing
from prsystem.core.rights import AreaSet, Rights

from .period import Period

ALL = ""
ENDED = Coalesce("resolved_at", "closed_at")


class Percentile(Aggregate):
    """The duration under which this share of them lies, between two where it falls between them."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, output_field=DurationField(), **extra)


@dataclass(frozen=True)
class Share:
    """A part of a whole; the rate is None where there is no whole."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class OpenRow:
    """The open incidents of one area, by level."""

    code: str
    name: str
    by_level: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_level.values())


@dataclass(frozen=True)
class Times:
    """How long it took: median and the time within which nine of ten were done. Priority ALL is all together."""

    priority: str
    count: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True)
class Stretch:
    """One day or week of the period."""

    first: date
    last: date
    reported: int
    ended: int
    open: int


@dataclass
class Board:
    """All figures; see the beginning of the file."""

    period: Period
    area: Area | None
    open: list[OpenRow] = field(default_factory=list)
    targets: dict[str, dict[str, int]] = field(default_factory=dict)
    flow: list[Stretch] = field(default_factory=list)
    response: list[Times] = field(default_factory=list)
    resolution: list[Times] = field(default_factory=list)
    in_time: Share = Share(0, 0)
    reopened: Share = Share(0, 0)
    deflected: Share = Share(0, 0)
    accepted: dict[str, Share] = field(default_factory=dict)

    @property
    def open_total(self) -> int:
        return sum(row.total for row in self.open)

    def standing(self, state: str) -> int:
        """How many of the open ones are `ok`, `en_riesgo` or `vencido`."""
        return sum(states[state] for states in self.targets.values())

    @property
    def accepted_total(self) -> Share:
        return Share(sum(s.part for s in self.accepted.values()), sum(s.whole for s in self.accepted.values()))


def board_areas(rights: Rights) -> QuerySet[Area]:
    """The areas that the asker may filter by."""
    return areas_in(rights.reads_incidents)


def area_read(rights: Rights, code: str) -> Area | None:
    """The area of a filter, None for all of the asker's; Missing when there is none that the asker reads."""
    if not rights.reads_incidents:
        raise Missing()
    if not code.strip():
        return None
    found = board_areas(rights).filter(code=code.strip().upper()[:12]).first() if "\x00" not in code else None
    if found is None:
        raise Missing()
    return found


def board(rights: Rights, period: Period, area: Area | None = None) -> Board:
    """The figures of an area from `area_read`, or of all that the asker reads."""
    areas = AreaSet(ids=frozenset([area.pk])) if area else rights.reads_incidents
    return _Counting(areas, period).into(Board(period, area))


class _Counting:
    """One aggregate for each group of figures, whatever the number of incidents."""

    def __init__(self, areas: AreaSet, period: Period) -> None:
        self.areas, self.period = areas, period
        self.span = (period.starts_at, period.ends_at)
        self.incidents = Incident.objects.filter(in_areas(areas)).order_by()
        of_area = in_areas(areas, "incident__area_id")
        self.reopenings = IncidentPause.objects.filter(of_area, kind=IncidentPause.Kind.RESOLVED).order_by()

    def into(self, board: Board) -> Board:
        self._count_open(board)
        board.flow = list(self._flow())
        board.response = self._times(self.incidents, "created_at", "first_response_at")
        board.resolution = self._times(self.incidents, "resolved_at", "resolved_at")
        board.in_time = Share(self._during["in_time"], self._during["resolved"])
        came_back, left = sum(self._came_back.values()), sum(self._left_before.values())
        board.reopened = Share(came_back, self._during["resolved"] + left)
        spared = self._spared()
        board.deflected = Share(spared, spared + self._during["by_people"])
        board.accepted = self._accepted()
        return board

    def _within(self, name: str) -> Q:
        return Q(**{f"{name}__gte": self.span[0], f"{name}__lt": self.span[1]})

    def _count_open(self, board: Board) -> None:
        found = self.incidents.filter(state__in=OPEN_STATES).annotate(standing=target_state())
        rows = found.values_list("area__code", "area__name", "level", "standing").annotate(count=Count("pk"))
        by_area: dict[tuple[str, str], dict[str, int]] = {}
        board.targets = {level: dict.fromkeys(("ok", "en_riesgo", "vencido"), 0) for level in Level.values}
        for code, name, level, standing, count in rows:
            by_area.setdefault((code, name), dict.fromkeys(Level.values, 0))[level] += count
            board.targets[level][standing] += count
        board.open = [OpenRow(code, name, levels) for (code, name), levels in sorted(by_area.items())]

    def _by_day(self, rows: QuerySet[Any], moment: Any) -> Counter[date]:
        """How many in each day of the period."""
        found = rows.annotate(moment=moment).filter(self._within("moment"))
        days = found.annotate(day=TruncDate("moment", tzinfo=self.period.zone))
        return Counter(dict(days.values_list("day").annotate(count=Count("pk"))))

    @cached_property
    def _left_before(self) -> Counter[date]:
        """Resolved in the period and reopened since."""
        return self._by_day(self.reopenings, F("started_at"))

    @cached_property
    def _came_back(self) -> Counter[date]:
        return self._by_day(self.reopenings, F("ended_at"))

    @cached_property
    def _during(self) -> dict[str, int]:
        """What is counted in one reading of the incidents."""
        start = self.span[0]
        resolved = self._within("resolved_at")
        return self.incidents.annotate(ended=ENDED).aggregate(
            reported_before=Count("pk", filter=Q(created_at__lt=start)),
            ended_before=Count("pk", filter=Q(ended__lt=start)),
            by_people=Count("pk", filter=self._within("created_at") & Q(reporter__isnull=False)),
            resolved=Count("pk", filter=resolved),
            in_time=Count("pk", filter=resolved & Q(resolved_at__lte=F("resolution_due_at"))),
        )

    def _flow(self) -> Iterator[Stretch]:
        reported, ended = self._by_day(self.incidents, F("created_at")), self._by_day(self.incidents, ENDED)
        before = Q(started_at__lt=self.span[0], ended_at__gte=self.span[0])
        away = self.reopenings.filter(before).count()
        is_open = self._during["reported_before"] - self._during["ended_before"] - away
        for first, last in self.period.stretches():
            days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
            new = sum(reported[day] for day in days)
            gone = sum(ended[day] + self._left_before[day] for day in days)
            is_open += new - gone + sum(self._came_back[day] for day in days)
            yield Stretch(first, last, new, gone, is_open)

    def _times(self, rows: QuerySet[Incident], counted_by: str, until: str) -> list[Times]:
        """From the report to `until`, of those whose `counted_by` is in the period, by priority and of all."""
        took = F(until) - F("created_at")
        found = rows.filter(self._within(counted_by), **{f"{until}__isnull": False})
        wanted: dict[str, Any] = {}
        for name in (ALL, *Priority.values):
            only = Q(priority=name) if name else None
            wanted[f"count_{name}"] = Count("pk", filter=only)
            wanted[f"median_{name}"] = Percentile(took, 0.5, filter=only)
            wanted[f"p90_{name}"] = Percentile(took, 0.9, filter=only)
        row = found.aggregate(**wanted)
        return [
            Times(name, row[f"count_{name}"], row[f"median_{name}"], row[f"p90_{name}"])
            for name in (ALL, *Priority.values)
        ]

    def _spared(self) -> int:
        said = ArticleFeedback.objects.filter(in_areas(self.areas, "article__area_id"), resolved_without_case=True)
        return said.filter(self._within("created_at")).count()

    def _accepted(self) -> dict[str, Share]:
        """By the rung that the proposal was made on."""
        rated = SuggestionRating.objects.filter(in_areas(self.areas, "suggestion__incident__area_id"), citation=None)
        rows = rated.filter(self._within("created_at")).order_by().values_list("suggestion__rung")
        counted = rows.annotate(whole=Count("pk"), part=Count("pk", filter=Q(was_helpful=True)))
        return {rung: Share(part, whole) for rung, whole, part in sorted(counted)}
