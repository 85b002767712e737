"""`/api/v1/external`: ERP and MES report incidents and hear what became of them, with an API key."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.case.models import Incident
from incidents.case.numbers import incident_number
from incidents.case.selectors import incident_of_areas
from incidents.case.shapes import moment
from incidents.similar.cases import incidents_similar_at_once
from integrations.api_keys.authentication import ApiKeyAuthentication, HasScope
from integrations.api_keys.models import Scope
from prsystem.core.api.fields import Text
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY
from prsystem.core.errors import InvalidInput

from .receiving import Reception, incident_receive
from .reporting import Report

REQUIRED = ("titulo", "descripcion", "area", "origen")
MAX_NOTICES = 10
NAME_TOLD = 60
_TAGS = ["externo"]


class ExternalReportIn(serializers.Serializer):
    titulo = Text()
    descripcion = Text()
    area = Text()
    origen = Text()
    referencia_externa = Text(required=False)
    prioridad = Text(required=False)
    huella = Text(
        required=False,
        help_text="Lo que hace iguales a dos eventos. Sin ella ni referencia, cuentan el área y el texto.",
    )


class ExternalSimilarOut(serializers.Serializer):
    incidencia_id = serializers.CharField()
    numero = serializers.CharField()
    titulo = serializers.CharField()
    estado = serializers.CharField()
    url = serializers.CharField()


class ExternalReportOut(serializers.Serializer):
    incidencia_id = serializers.CharField()
    numero = serializers.CharField()
    estado = serializers.CharField()
    nivel = serializers.CharField()
    prioridad = serializers.CharField()
    url = serializers.CharField()
    repeticiones = serializers.IntegerField(help_text="Eventos iguales contados en la incidencia, con el primero.")
    silenciada_hasta = serializers.DateTimeField(allow_null=True, help_text="Fin de la ventana de mantenimiento.")
    similares = ExternalSimilarOut(many=True, help_text="Vacía para claves sin `incidencias:read`.")
    avisos = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Lo que vino en el cuerpo y no se usó: campos que no existen.",
    )


class ExternalIncidentOut(serializers.Serializer):
    incidencia_id = serializers.CharField()
    numero = serializers.CharField()
    titulo = serializers.CharField()
    area = serializers.CharField()
    estado = serializers.CharField()
    nivel = serializers.CharField()
    prioridad = serializers.CharField()
    origen = serializers.CharField()
    referencia_externa = serializers.CharField()
    repeticiones = serializers.IntegerField()
    solucion = serializers.CharField()
    causa = serializers.CharField()
    aviso_seguridad = serializers.CharField(help_text="Va antes de la solución. Vacío donde no hay peligro.")
    creado_en = serializers.DateTimeField()
    actualizado_en = serializers.DateTimeField()
    resuelto_en = serializers.DateTimeField(allow_null=True)
    cerrado_en = serializers.DateTimeField(allow_null=True)
    fusionada_en = serializers.CharField(allow_null=True)
    url = serializers.CharField()


class ExternalView(APIView):
    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [HasScope]


class ExternalReportView(ExternalView):
    scope = Scope.REPORT

    @extend_schema(
        operation_id="externo_reportar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=ExternalReportIn,
        responses={200: ExternalReportOut, 201: ExternalReportOut},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """201 for a new incident or one more equal event, 200 for what this origin and reference reported before."""
        _require_fields(request.data)
        given, actor = body_of(request, ExternalReportIn), caller(request)
        received = incident_receive(actor=actor, report=_report(given), fingerprint=given.get("huella", ""))
        incident, is_new = received.incident, received.reception == Reception.NEW
        text = f"{incident.title}\n{incident.description}"
        reads = Scope.READ in actor.scopes  # others' titles and states are for who may read incidents
        similar = incidents_similar_at_once(rights=actor.rights, text=text) if is_new and reads else []
        body = {
            "incidencia_id": str(incident.pk),
            "numero": incident.number,
            "estado": incident.state,
            "nivel": incident.level,
            "prioridad": incident.priority,
            "url": _site(request) + incident.get_absolute_url(),
            "repeticiones": incident.occurrences,
            "silenciada_hasta": moment(incident.quiet_until),
            "similares": [external_summary_out(_site(request), other) for other in similar],
            "avisos": _unused(request.data),
        }
        return Response(body, status=200 if received.reception == Reception.KNOWN else 201)


class ExternalIncidentView(ExternalView):
    scope = Scope.READ

    @extend_schema(operation_id="externo_incidencia", tags=_TAGS, responses=ExternalIncidentOut)
    def get(self, request: Request, **kwargs: str) -> Response:
        """State and solution of an incident of the key's areas; any other one doesn't exist."""
        incident = incident_of_areas(caller(request).rights, self.kwargs["id"])
        return Response(external_incident_out(_site(request), incident))


def _require_fields(data: Any) -> None:
    """The words of the contract, whatever the language of the caller."""
    for name in REQUIRED:
        if data.get(name) in (None, ""):
            text = f"Campo requerido: {name}"
            raise InvalidInput(text, errors={name: [text]})


def _unused(data: Any) -> list[str]:
    """A field that isn't known is no reason to lose a report; a mistyped name must not go unnoticed either."""
    known = ExternalReportIn().fields
    unknown = [name for name in data if name not in known]
    text = _("The field «%(name)s» isn't known here and was not used.")
    return [text % {"name": name[:NAME_TOLD]} for name in unknown[:MAX_NOTICES]]


def _report(given: dict[str, Any]) -> Report:
    return Report(
        title=given["titulo"],
        description=given["descripcion"],
        area=given["area"],
        priority=given.get("prioridad") or None,
        source=given["origen"],
        external_reference=given.get("referencia_externa", ""),
    )


def _site(request: Request) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def external_summary_out(site: str, incident: Incident) -> dict[str, Any]:
    """An incident in a list for other systems; `site` is this one's address."""
    return {
        "incidencia_id": str(incident.pk),
        "numero": incident.number,
        "titulo": incident.title,
        "estado": incident.state,
        "url": site + incident.get_absolute_url(),
    }


def external_incident_out(site: str, incident: Incident) -> dict[str, Any]:
    """All that other systems hear of an incident. Needs `area`."""
    return {
        **external_summary_out(site, incident),
        "area": incident.area.code,
        "nivel": incident.level,
        "prioridad": incident.priority,
        "origen": incident.source,
        "referencia_externa": incident.external_reference,
        "repeticiones": incident.occurrences,
        "solucion": incident.solution,
        "causa": incident.cause,
        "aviso_seguridad": incident.area.safety_notice,
        "creado_en": moment(incident.created_at),
        "actualizado_en": moment(incident.updated_at),
        "resuelto_en": moment(incident.resolved_at),
        "cerrado_en": moment(incident.closed_at),
        "fusionada_en": incident_number(incident.merged_into_id) if incident.merged_into_id else None,
    }
