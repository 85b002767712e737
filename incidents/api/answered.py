"""The incidents that a version of knowledge answered."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.case.serializers import IncidentOut
from incidents.case.shapes import incident_out
from incidents.suggestions.selectors import incidents_answered_visible_to
from knowledge.selectors import version_get
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import caller
from prsystem.core.api.schema import PAGING, page_of


class AnsweredView(APIView):
    ordering = ("-id",)

    @extend_schema(
        operation_id="conocimiento_incidencias",
        tags=["conocimiento"],
        parameters=PAGING,
        responses=page_of(IncidentOut),
    )
    def get(self, request: Request, **kwargs: str) -> Response:
        """Those that the caller may see, newest first."""
        actor = caller(request)
        version = version_get(actor.rights, self.kwargs["slug"], self.kwargs["number"])
        found = incidents_answered_visible_to(actor.rights, version).select_related("area", "reporter", "assignee")
        pages = CursorPages()
        rows = pages.paginate_queryset(found, request, self)
        return pages.get_paginated_response([incident_out(row, actor) for row in rows])
