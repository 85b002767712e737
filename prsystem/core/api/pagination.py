"""Cursor pages: `{"resultados": [...], "siguiente": url|null, "anterior": url|null}`, `?limite=` up to 100."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from prsystem.core.errors import InvalidInput


class CursorPages(CursorPagination):
    """Keyset pages: the same cost on page one and page one thousand. A view sets `ordering` to a unique order."""

    cursor_query_param = "cursor"
    page_size_query_param = "limite"
    page_size = 25
    max_page_size = 100
    ordering = "-id"

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get("limite")
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= self.max_page_size):
            raise InvalidInput.field("limite", _("A whole number from 1 to 100."))
        return int(given)

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            raise InvalidInput.field("cursor", _("That page address isn't valid.")) from error

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"resultados": data, "siguiente": self.get_next_link(), "anterior": self.get_previous_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["resultados", "siguiente", "anterior"],
            "properties": {"resultados": schema, "siguiente": link, "anterior": link},
        }
