"""What engineers kept, changed, deleted and added when they resolved with a proposal before them: by month and article,
and as labelled data. Reading only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from knowledge.assistant.masking import KnownNames, Masks
from prsystem.accounts.selectors import people_names
from prsystem.core.errors import InvalidInput

from .judging import midnight
from .models import ProposalOutcome, SourceOutcome

Result = ProposalOutcome.Result
KEPT, CHANGED, DELETED, ADDED = "conservada", "cambiada", "borrada", "agregada"
FIELDS = (
    *("resuelto_en", "caso", "area", "articulo", "version", "peldaño", "resultado", "reabierto", "que"),
    *("antes", "despues"),
)
PAGE = 500


@dataclass(frozen=True)
class Month:
    """A calendar month at the site."""

    first: date

    @property
    def next(self) -> "Month":
        year, month = divmod(self.first.year * 12 + self.first.month, 12)
        return Month(date(year, month + 1, 1))

    @property
    def before(self) -> "Month":
        year, month = divmod(self.first.year * 12 + self.first.month - 2, 12)
        return Month(date(year, month + 1, 1))

    @property
    def is_present(self) -> bool:
        """Nothing is known of those after it."""
        return self.first >= timezone.localdate().replace(day=1)

    @property
    def code(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return midnight(self.first), midnight(self.next.first)


def month_asked(text: str) -> Month:
    """`2026-11`; this month when it is empty."""
    if not text:
        return Month(timezone.localdate().replace(day=1))
    try:
        first = parse_date(f"{text}-01")
    except ValueError:
        first = None
    if first is None or not 2000 < first.year < 9000:
        raise InvalidInput.field("mes", _("A month is expected: 2026-11."))
    return Month(first)


def _length(name: str) -> Sum:
    return Sum(Func(F(name), function="jsonb_array_length", output_field=IntegerField()))


def _sources(month: Month) -> QuerySet[SourceOutcome]:
    since, until = month.bounds
    return SourceOutcome.objects.filter(outcome__created_at__gte=since, outcome__created_at__lt=until)


def edits_by_article(month: Month) -> list[dict[str, Any]]:
    """Of each article that was cited before a resolution of the month: resolutions by their result, those that came
    back, and sentences kept, changed, deleted. What was changed most first."""
    results = {result.name.lower(): Count("pk", filter=Q(outcome__result=result)) for result in Result}
    named = _sources(month).order_by().values("version__article__slug", "version__article__current__title")
    rows: Iterable[Any] = named.annotate(
        cases=Count("outcome__incident", distinct=True),
        reopened=Count("pk", filter=Q(outcome__reopened_at__isnull=False)),
        kept_count=_length("kept"),
        changed_count=_length("changed"),
        deleted_count=_length("deleted"),
        **results,
    )
    found = [
        {
            "slug": row["version__article__slug"],
            "title": row["version__article__current__title"] or row["version__article__slug"],
            **{name: row[name] for name in ("cases", "reopened", *results)},
            **{name: row[f"{name}_count"] for name in ("kept", "changed", "deleted")},
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: (-row["deleted"] - row["changed"], row["slug"]))


def edits_of(month: Month, slug: str) -> QuerySet[SourceOutcome]:
    """What became of one article's sentences, the newest resolution first."""
    found = _sources(month).filter(version__article__slug=slug)
    return found.select_related("outcome__incident__area", "version__article").order_by("-outcome_id", "-id")


def edit_rows(month: Month) -> Iterator[dict[str, Any]]:
    """One row per sentence, as FIELDS, oldest first: people's names, telephones and addresses are masked, and who
    resolved isn't told. Read in pages."""
    names, last = KnownNames.of(people_names()), 0
    since, until = month.bounds
    found = ProposalOutcome.objects.filter(created_at__gte=since, created_at__lt=until).order_by("pk")
    found = found.select_related("incident__area", "suggestion").prefetch_related("sources__version__article")
    while page := list(found.filter(pk__gt=last)[:PAGE]):
        for outcome in page:
            yield from _rows_of(outcome, Masks(names))
        last = page[-1].pk


def _rows_of(outcome: ProposalOutcome, masks: Masks) -> Iterator[dict[str, Any]]:
    common = {
        "resuelto_en": outcome.created_at.isoformat(),
        "caso": outcome.incident.number,
        "area": outcome.incident.area.code,
        "peldaño": outcome.suggestion.rung,
        "resultado": outcome.result,
        "reabierto": outcome.reopened_at is not None,
    }

    def row(what: str, before: str, after: str, slug: str = "", version: str = "") -> dict[str, Any]:
        told = {"antes": masks.hide(before), "despues": masks.hide(after)}
        found = {**common, "articulo": slug, "version": version, "que": what, **told}
        return {name: found[name] for name in FIELDS}

    for source in outcome.sources.all():
        named = (source.version.article.slug, source.version.number)
        yield from (row(KEPT, text, text, *named) for text in source.kept)
        yield from (row(CHANGED, before, after, *named) for before, after in source.changed)
        yield from (row(DELETED, text, "", *named) for text in source.deleted)
    yield from (row(ADDED, "", text) for text in outcome.added)
