"""Cursor pages: `{"resultados": [...], "siguiente": url|null, "anterior": url|null}`, `?limite=` up to 100."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from prsystem.core.errors import InvalidInput
from prsystem.core.web.paging import Page, keyset_page

PAGE_SIZE = 25
MAX_PAGE_SIZE = 100


class CursorPages(BasePagination):
    """Keyset pages: the same cost on page one and page one thousand. A view sets `ordering` to a unique order."""

    ordering: tuple[str, ...] = ("-id",)

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        order = getattr(view, "ordering", self.ordering)
        self.page = keyset_page(queryset, order, request.query_params.get("cursor", ""), page_size(request))
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(page_body(self.request, self.page, data))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["resultados", "siguiente", "anterior"],
            "properties": {"resultados": schema, "siguiente": link, "anterior": link},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
        return [
            {"name": "limite", "in": "query", "required": False, "schema": size},
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
        ]


def page_size(request: Request) -> int:
    given = request.query_params.get("limite")
    if given is None:
        return PAGE_SIZE
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= MAX_PAGE_SIZE):
        raise InvalidInput.field("limite", _("A whole number from 1 to 100."))
    return int(given)


def page_body(request: Request, page: Page, rows: list[Any]) -> dict[str, Any]:
    return {
        "resultados": rows,
        "siguiente": _link(request, page.next_cursor),
        "anterior": _link(request, page.previous_cursor),
    }


def _link(request: Request, cursor: str) -> str | None:
    return replace_query_param(request.build_absolute_uri(), "cursor", cursor) if cursor else None
