"""The list of incidents, one incident, its timeline and its like."""

from typing import Any

from django.utils import timezone
from django.utils.decorators import method_decorator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.case.api import IncidentView
from incidents.case.selectors import ORDERS, incidents_visible_to
from incidents.case.serializers import IncidentOut
from incidents.case.shapes import incident_out
from incidents.intake.reporting import Report, incident_report
from incidents.moves.editing import incident_update
from incidents.similar.cases import incidents_similar
from incidents.similar.duplicates import duplicates_of
from incidents.similar.shapes import likely_out, similar_out
from prsystem.accounts.api.authentication import SessionCookieAuthentication
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of
from prsystem.core.replica.reading import may_be_stale

from .filters import FILTERS, incidents_asked_for, order_asked_for
from .serializers import CorrectionIn, LikelyOut, ReportIn, SimilarOut, TimelineOut
from .timeline import timeline_of

# Everything that `incident_out` reads, without the search vector.
COLUMNS_LEFT_OUT = ("search", "automatic")
_TAGS = ["incidencias"]


class IncidentListView(APIView):
    @extend_schema(
        operation_id="incidencias_listar",
        tags=_TAGS,
        parameters=[
            *(OpenApiParameter(name, str) for name in FILTERS),
            OpenApiParameter("orden", str, enum=list(ORDERS)),
            *PAGING,
        ],
        responses=page_of(IncidentOut),
    )
    @method_decorator(may_be_stale)
    def get(self, request: Request) -> Response:
        """Incidents that the caller may see. A filter may hold several values, parted by commas."""
        actor, now = caller(request), timezone.now()
        self.ordering = order_asked_for(request.query_params)
        found = incidents_asked_for(incidents_visible_to(actor.rights), request.query_params, actor)
        found = found.select_related("area", "reporter", "assignee").defer(*COLUMNS_LEFT_OUT)
        pages = CursorPages()
        rows = pages.paginate_queryset(found, request, self)
        return pages.get_paginated_response([incident_out(row, actor, now) for row in rows])

    @extend_schema(
        operation_id="incidencias_crear",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=ReportIn,
        responses={201: IncidentOut},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Take in a report. Classification and the suggestion follow by themselves."""
        actor, given = caller(request), body_of(request, ReportIn)
        incident = incident_report(actor=actor, report=_report(given, _source(request)), reporter=request.user)
        location = request.build_absolute_uri(f"/api/incidencias/{incident.pk}")
        return Response(incident_out(incident, actor), status=201, headers={"Location": location})


def _source(request: Request) -> str:
    """A page of ours sends with the browser's session what was written without a connection."""
    return "web" if isinstance(request.successful_authenticator, SessionCookieAuthentication) else "api"


def _report(given: dict[str, Any], source: str) -> Report:
    return Report(
        title=given["titulo"],
        description=given["descripcion"],
        area=given["area"],
        impact=given.get("impacto"),
        urgency=given.get("urgencia"),
        priority=given.get("prioridad"),
        source=source,
        external_reference=given.get("referencia_externa", ""),
    )


class IncidentDetailView(IncidentView):
    @extend_schema(operation_id="incidencias_leer", tags=_TAGS, responses=IncidentOut)
    def get(self, request: Request, **kwargs: str) -> Response:
        return Response(incident_out(self.incident(request), caller(request)))

    @extend_schema(
        operation_id="incidencias_corregir",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=CorrectionIn,
        responses=IncidentOut,
    )
    @idempotent
    def patch(self, request: Request, **kwargs: str) -> Response:
        """Correct what was reported; only the fields named change."""
        actor, incident_id = caller(request), self.incident(request).pk
        fields = body_of(request, CorrectionIn)
        version = fields.pop("version", None)
        incident = incident_update(actor=actor, incident_id=incident_id, fields=fields, version=version)
        return Response(incident_out(incident, actor))


class TimelineView(IncidentView):
    @extend_schema(operation_id="incidencias_historial", tags=_TAGS, responses=page_of(TimelineOut))
    def get(self, request: Request, **kwargs: str) -> Response:
        """What was done and said, oldest first."""
        rows = timeline_of(caller(request).rights, self.incident(request))
        return Response({"resultados": rows, "siguiente": None, "anterior": None})


class SimilarView(IncidentView):
    @extend_schema(operation_id="incidencias_similares", tags=_TAGS, responses=page_of(SimilarOut))
    def get(self, request: Request, **kwargs: str) -> Response:
        """Past cases like this one that the caller may see, most alike first."""
        incident = self.incident(request)
        text = f"{incident.title}\n{incident.description}"
        found = incidents_similar(rights=caller(request).rights, text=text, exclude_id=incident.pk)
        return Response({"resultados": [similar_out(row) for row in found], "siguiente": None, "anterior": None})


class DuplicatesView(IncidentView):
    @extend_schema(operation_id="incidencias_duplicadas", tags=_TAGS, responses=page_of(LikelyOut))
    def get(self, request: Request, **kwargs: str) -> Response:
        """Open incidents of the area that may be the same problem and that the caller may see, most alike first."""
        found = duplicates_of(caller(request).rights, self.incident(request))
        return Response({"resultados": [likely_out(row) for row in found], "siguiente": None, "anterior": None})
