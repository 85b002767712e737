"""POST `/api/incidencias/{id}/emergencia`: declare danger to people, or call it off."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.case.api import IncidentView
from incidents.case.selectors import incident_get
from incidents.case.serializers import IncidentOut
from incidents.case.shapes import incident_out
from prsystem.core.api.fields import Flag, Text
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY

from .services import emergency_call_off, emergency_declare


class EmergencyIn(serializers.Serializer):
    """`activa` false calls it off, which support may; whoever reported may declare one."""

    activa = Flag()
    motivo = Text(required=False)


class EmergencyView(IncidentView):
    @extend_schema(
        operation_id="incidencias_emergencia",
        tags=["incidencias"],
        parameters=[IDEMPOTENCY],
        request=EmergencyIn,
        responses=IncidentOut,
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Declare danger to people, or call it off."""
        actor, body = caller(request), body_of(request, EmergencyIn)
        change = emergency_declare if body["activa"] else emergency_call_off
        incident = change(actor=actor, incident_id=self.incident(request).pk, reason=body.get("motivo", ""))
        return Response(incident_out(incident_get(actor.rights, str(incident.pk)), actor))
