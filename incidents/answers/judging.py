"""Were the answers of any use: the one place where useful, misleading and silent are defined, counted and listed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncWeek
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from incidents.exams.models import ExamRun
from incidents.suggestions.models import Suggestion, SuggestionRating
from prsystem.core.errors import InvalidInput

from .models import ProposalOutcome

WEEKS = 12
MOST_WEEKS = 53
FINISHED = (Suggestion.State.READY, Suggestion.State.NO_ANSWER)
Result = ProposalOutcome.Result


class Judgement(models.TextChoices):
    USEFUL = "util", _("Useful ones")
    MISLEADING = "enganosa", _("Misleading")
    SILENT = "callada", _("Silent")
    UNJUDGED = "sin_valorar", _("Not judged yet")


DEFINITIONS = {
    Judgement.USEFUL: _(
        "The case was resolved with the proposal, as it was or with changes, and didn't come back; or, where it wasn't,"
        " more people said that it helped than that it didn't."
    ),
    Judgement.MISLEADING: _(
        "The case came back after it was resolved with the proposal; or more people said that it didn't help; or nobody"
        " said anything and the case was solved otherwise."
    ),
    Judgement.SILENT: _("No solution was proposed: «I don't know», with similar cases or without."),
    Judgement.UNJUDGED: _(
        "It was proposed, and what came of it isn't known: no resolution yet, and no opinions or as many for as"
        " against."
    ),
}


def proposals_judged(since: datetime | None = None, until: datetime | None = None) -> QuerySet[Any]:
    """The last finished proposal of each case, with its `judgement` and the `week` (its Monday) it was asked in.

    Deeds stand above words, and the newest resolution above older ones: a case that came back after the proposal was
    used makes it misleading, one that was resolved with it and holds makes it useful; else what most people said; else
    a resolution without it makes it misleading. Cases of danger, which get no proposal, and merged ones don't count.
    """
    newest = Suggestion.objects.filter(incident=OuterRef("incident"), state__in=FINISHED).order_by("-id")
    found = Suggestion.objects.filter(
        pk=Subquery(newest.values("pk")[:1]), incident__is_emergency=False, incident__merged_into=None
    )
    if since:
        found = found.filter(created_at__gte=since)
    if until:
        found = found.filter(created_at__lt=until)
    outcome = ProposalOutcome.objects.filter(suggestion=OuterRef("pk")).order_by("-id")
    return found.annotate(
        result=Subquery(outcome.values("result")[:1]),
        came_back_at=Subquery(outcome.values("reopened_at")[:1]),
        pleased=_heads(was_helpful=True),
        displeased=_heads(was_helpful=False),
        week=TruncWeek("created_at"),
        judgement=_judgement(),
    )


def _heads(*, was_helpful: bool) -> Coalesce:
    """How many people said so of the proposal or of one of its sources."""
    said = SuggestionRating.objects.filter(suggestion=OuterRef("pk"), was_helpful=was_helpful).order_by()
    heads = said.values("suggestion").annotate(n=Count("user", distinct=True)).values("n")
    return Coalesce(Subquery(heads, output_field=IntegerField()), 0)


def _judgement() -> Case:
    used = Q(result__in=(Result.ACCEPTED, Result.EDITED))
    return Case(
        When(state=Suggestion.State.NO_ANSWER, then=Value(Judgement.SILENT)),
        When(used & Q(came_back_at__isnull=False), then=Value(Judgement.MISLEADING)),
        When(used, then=Value(Judgement.USEFUL)),
        When(displeased__gt=F("pleased"), then=Value(Judgement.MISLEADING)),
        When(pleased__gt=F("displeased"), then=Value(Judgement.USEFUL)),
        When(result=Result.REJECTED, then=Value(Judgement.MISLEADING)),
        default=Value(Judgement.UNJUDGED),
        output_field=CharField(),
    )


@dataclass(frozen=True)
class Span:
    """Whole weeks: the Monday of the first, the Monday after the last, as moments of the site's time zone."""

    since: datetime
    until: datetime

    @property
    def weeks(self) -> list[date]:
        first = timezone.localtime(self.since).date()
        count = round((self.until - self.since).total_seconds() / timedelta(weeks=1).total_seconds())
        return [first + timedelta(weeks=n) for n in range(count)]


def span_of(weeks: int = WEEKS, today: date | None = None) -> Span:
    """The last so many weeks, this one included."""
    day = today or timezone.localdate()
    monday = day - timedelta(days=day.weekday())
    count = min(max(weeks, 1), MOST_WEEKS)
    return Span(midnight(monday - timedelta(weeks=count - 1)), midnight(monday + timedelta(weeks=1)))


def span_asked(given: Mapping[str, str]) -> Span:
    """`semana`, by its Monday, or the last `semanas`."""
    if not (text := given.get("semana", "")):
        return span_of(weeks_asked(given))
    try:
        monday = parse_date(text)
    except ValueError:
        monday = None
    if monday is None or monday.weekday() != 0 or not 2000 < monday.year < 9000:
        raise InvalidInput.field("semana", _("The Monday of a week is expected: 2026-11-30."))
    return week_span(monday)


def weeks_asked(given: Mapping[str, str]) -> int:
    text = given.get("semanas", "")
    return max(1, min(int(text), MOST_WEEKS)) if text.isascii() and text.isdecimal() and len(text) < 4 else WEEKS


def week_span(monday: date) -> Span:
    return Span(midnight(monday), midnight(monday + timedelta(weeks=1)))


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Figures:
    """How many proposals of each judgement: in all, by week, by area code, and by both."""

    total: Mapping[str, int]
    by_week: Mapping[date, Mapping[str, int]]
    by_area: Mapping[str, Mapping[str, int]]
    cells: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(self.total.values())


def figures(span: Span, area: str = "") -> Figures:
    """Those of the span, of one area or of all. Weeks without any are there, with none."""
    found = proposals_judged(span.since, span.until)
    if area:
        found = found.filter(incident__area__code=area)
    rows = found.order_by().values("week", "incident__area__code", "judgement").annotate(n=Count("pk"))
    cells = [
        {
            "week": timezone.localtime(row["week"]).date(),
            "area": row["incident__area__code"],
            "judgement": row["judgement"],
            "n": row["n"],
        }
        for row in rows.order_by("week", "incident__area__code", "judgement")
    ]
    by_week: dict[date, Counter[str]] = {week: Counter() for week in span.weeks}
    by_area: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    for cell in cells:
        for counted in (total, by_week[cell["week"]], by_area.setdefault(cell["area"], Counter())):
            counted[cell["judgement"]] += cell["n"]
    return Figures(total, by_week, dict(sorted(by_area.items())), cells)


def cases_behind(span: Span, *, judgement: str = "", area: str = "") -> QuerySet[Any]:
    """The proposals behind a figure, newest first."""
    found = proposals_judged(span.since, span.until)
    if judgement:
        found = found.filter(judgement=judgement)
    if area:
        found = found.filter(incident__area__code=area)
    return found.select_related("incident__area").order_by("-id")


def newest_exams() -> list[ExamRun]:
    """The newest exam of each thing that answers: the passages alone, a chat model. Those that tell the three apart."""
    newest: dict[str, ExamRun] = {}
    for exam in ExamRun.objects.filter(state=ExamRun.State.DONE)[:20]:
        newest.setdefault(exam.chat_model, exam)
    return [exam for exam in newest.values() if exam.verdicts]
