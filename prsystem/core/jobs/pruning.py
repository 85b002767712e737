"""Rows that have had their time: apps register which, in `AppConfig.ready()`; the hourly clean-up removes them."""

from collections.abc import Callable

import structlog
from django.db.models import Model, QuerySet

Rows = QuerySet[Model]
log = structlog.get_logger(__name__)
BATCH = 2000
_sources: list[Callable[[], list[Rows]]] = []


def register(source: Callable[[], list[Rows]]) -> None:
    """`source` gives the rows that are of no more use now; asked at every clean-up."""
    _sources.append(source)


def stale_remove() -> dict[str, int]:
    """Remove what is of no more use, in small transactions; how many rows of each kind. Safe to run at any time."""
    removed = {rows.model._meta.label: _remove(rows) for source in _sources for rows in source()}
    log.info("stale.removed", **{name: count for name, count in removed.items() if count})
    return removed


def _remove(rows: Rows) -> int:
    """Without what hangs on them: only rows of the kind are counted."""
    total = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        rows.model._default_manager.filter(pk__in=keys).delete()
        total += len(keys)
    return total
