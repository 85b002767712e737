"""Links of an incident, and splitting a part of it off."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.case.api import IncidentView
from incidents.case.selectors import incident_get
from incidents.case.serializers import IncidentOut
from incidents.case.shapes import incident_out
from incidents.intake.splitting import Part, incident_split
from incidents.relations.linking import incidents_link, link_remove
from incidents.relations.models import Link
from incidents.relations.selectors import Linked, links_of
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, page_of
from prsystem.core.errors import InvalidInput

from .serializers import LinkIn, LinkOut, SplitIn

_TAGS = ["incidencias"]


class LinksView(IncidentView):
    @extend_schema(operation_id="incidencias_enlaces", tags=_TAGS, responses=page_of(LinkOut))
    def get(self, request: Request, **kwargs: str) -> Response:
        """Those whose other end the caller may see, families first."""
        rows = [_link_out(row) for row in links_of(caller(request).rights, self.incident(request))]
        return Response({"resultados": rows, "siguiente": None, "anterior": None})

    @extend_schema(
        operation_id="incidencias_enlazar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=LinkIn,
        responses={201: LinkOut},
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Link it with another one; the same link again is the same answer."""
        actor, given, incident = caller(request), body_of(request, LinkIn), self.incident(request)
        target = incident_get(actor.rights, given["incidencia"])
        kind = given.get("tipo") or Link.Kind.RELATED
        link = incidents_link(actor=actor, source=incident, target=target, kind=kind)
        return Response(_link_out(Linked(link.pk, kind, target, incident.pk)), status=201)


class LinkView(IncidentView):
    @extend_schema(operation_id="incidencias_desenlazar", tags=_TAGS, parameters=[IDEMPOTENCY], responses={204: None})
    @idempotent
    def delete(self, request: Request, **kwargs: str) -> Response:
        """Take a link away; both incidents stay."""
        link_remove(actor=caller(request), incident_id=self.incident(request).pk, link_id=self.kwargs["n"])
        return Response(status=204)


class SplitView(IncidentView):
    @extend_schema(
        operation_id="incidencias_dividir",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=SplitIn,
        responses={201: IncidentOut},
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """A new incident, to which the chosen comments and files go."""
        actor, given = caller(request), body_of(request, SplitIn)
        part = Part(
            title=given["titulo"],
            description=given["descripcion"],
            comment_ids=_ids(given, "comentarios"),
            attachment_ids=_ids(given, "adjuntos"),
        )
        incident_id = self.incident(request).pk
        new = incident_split(actor=actor, incident_id=incident_id, part=part, version=given.get("version"))
        location = request.build_absolute_uri(f"/api/incidencias/{new.pk}")
        return Response(incident_out(new, actor), status=201, headers={"Location": location})


def _ids(given: dict[str, Any], name: str) -> frozenset[int]:
    raw = given.get(name, [])
    if not all(value.isascii() and value.isdecimal() and len(value) < 19 for value in raw):
        raise InvalidInput.field(name, _("Ids are expected."))
    return frozenset(int(value) for value in raw)


def _link_out(row: Linked) -> dict[str, Any]:
    other = row.incident
    return {
        "id": str(row.link_id),
        "tipo": row.kind,
        "incidencia": {"id": str(other.pk), "numero": other.number, "titulo": other.title, "estado": other.state},
    }
