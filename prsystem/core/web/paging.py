"""Keyset pages for HTML lists: page one thousand costs what page one costs, and nothing is counted."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from prsystem.core.errors import InvalidInput

PAGE_SIZE = 50
FORWARD, BACKWARD = "s", "a"


@dataclass(frozen=True)
class Page:
    """One page of rows; an empty cursor means there is no such page."""

    rows: list[Any]
    previous_cursor: str = ""
    next_cursor: str = ""


def keyset_page(queryset: QuerySet, order: tuple[str, ...], cursor: str = "", size: int = PAGE_SIZE) -> Page:
    """A page of `queryset` (instances or `values()`) in `order`, which must end in a unique field.

    The fields of `order` must be among those read. Raises InvalidInput for a cursor that wasn't made here.
    """
    if not cursor:
        return _page(queryset, order, FORWARD, [], size)
    direction, values = _decoded(cursor, len(order))
    try:
        return _page(queryset, order, direction, values, size)
    except (ValueError, TypeError, ValidationError, DataError) as error:
        raise _bad_cursor() from error  # values that no row of these fields can have


def _page(queryset: QuerySet, order: tuple[str, ...], direction: str, values: list[Any], size: int) -> Page:
    walk = order if direction == FORWARD else _reversed(order)
    if values:
        queryset = queryset.filter(_start(queryset, walk[0], values[0]), _after(walk, values))
    found = list(queryset.order_by(*walk)[: size + 1])
    has_more, rows = len(found) > size, found[:size]
    if direction == BACKWARD:
        rows.reverse()
    if not rows:
        return Page([])
    before = has_more if direction == BACKWARD else bool(values)
    after = has_more if direction == FORWARD else True
    return Page(
        rows,
        previous_cursor=_encoded(BACKWARD, order, rows[0]) if before else "",
        next_cursor=_encoded(FORWARD, order, rows[-1]) if after else "",
    )


def _reversed(order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def _start(queryset: QuerySet, name: str, value: Any) -> Q:
    """Where an index walk may begin: implied by `_after`, but its alternatives hide that from the planner."""
    field = name.lstrip("-")
    if value is None or queryset.model._meta.get_field(field).null:
        return Q()
    return Q(**{f"{field}__lte" if name.startswith("-") else f"{field}__gte": value})


def _after(order: tuple[str, ...], values: list[Any]) -> Q:
    """Rows that come after `values`, with PostgreSQL's place for NULL: last ascending, first descending."""
    condition, same = Q(pk__in=[]), Q()
    for name, value in zip(order, values, strict=True):
        field = name.lstrip("-")
        condition |= same & _beyond(field, value, descending=name.startswith("-"))
        same &= Q(**{f"{field}__isnull": True}) if value is None else Q(**{field: value})
    return condition


def _beyond(field: str, value: Any, *, descending: bool) -> Q:
    if descending:
        return Q(**{f"{field}__isnull": False}) if value is None else Q(**{f"{field}__lt": value})
    return Q(pk__in=[]) if value is None else Q(**{f"{field}__gt": value}) | Q(**{f"{field}__isnull": True})


def _encoded(direction: str, order: tuple[str, ...], row: Any) -> str:
    read = row.get if isinstance(row, dict) else lambda name: getattr(row, name)
    values = [read(name.lstrip("-")) for name in order]
    plain = [{"t": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps([direction, *plain]).encode()).decode().rstrip("=")


def _decoded(cursor: str, count: int) -> tuple[str, list[Any]]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        direction, *values = json.loads(raw)
        values = [datetime.fromisoformat(value["t"]) if isinstance(value, dict) else value for value in values]
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error) as error:
        raise _bad_cursor() from error
    is_plain = all(value is None or isinstance(value, str | int | datetime) for value in values)
    if direction not in (FORWARD, BACKWARD) or len(values) != count or not is_plain:
        raise _bad_cursor()
    return direction, values


def _bad_cursor() -> InvalidInput:
    return InvalidInput.field("cursor", _("That page address isn't valid."))
