"""What the incident endpoints share."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import caller

from .models import Incident
from .selectors import incident_get


class IncidentView(APIView):
    """Below `/api/incidencias/{id}`: an id or a number. What the caller can't see doesn't exist."""

    def incident(self, request: Request) -> Incident:
        return incident_get(caller(request).rights, self.kwargs["id"])

    def paged(self, request: Request, queryset: Any, shape: Any) -> Response:
        pages = CursorPages()
        return pages.get_paginated_response([shape(row) for row in pages.paginate_queryset(queryset, request, self)])
