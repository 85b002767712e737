"""Macros and checklists."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.case.api import IncidentView
from incidents.case.models import Incident
from incidents.case.serializers import IncidentOut
from incidents.case.shapes import incident_out, moment
from prsystem.core.api.fields import Flag, Text, WholeNumber
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of
from prsystem.core.errors import InvalidInput, NotAllowed

from . import checklists
from . import services as macros
from .models import ChecklistItem, Macro
from .selectors import checklist_of, macros_of

_TAGS = ["mesa"]


class MacroIn(serializers.Serializer):
    nombre = Text(max_length=60)
    texto = Text(required=False)
    interno = Flag(required=False)
    prioridad = Text(required=False, max_length=2)
    asignarme = Flag(required=False)
    espera = Text(required=False, max_length=200)


class MacroOut(serializers.Serializer):
    """`propia`: false for those of everybody."""

    id = serializers.CharField()
    nombre = serializers.CharField()
    texto = serializers.CharField()
    interno = serializers.BooleanField()
    prioridad = serializers.CharField()
    asignarme = serializers.BooleanField()
    espera = serializers.CharField()
    area = serializers.CharField(allow_null=True)
    propia = serializers.BooleanField()


class ApplyIn(serializers.Serializer):
    version = WholeNumber(required=False)


class StepIn(serializers.Serializer):
    """Either a `paso` of one's own or the `plantilla` whose steps are added."""

    paso = Text(required=False)
    plantilla = WholeNumber(required=False)


class TickIn(serializers.Serializer):
    hecho = Flag()


class StepOut(serializers.Serializer):
    id = serializers.CharField()
    paso = serializers.CharField()
    hecho = serializers.BooleanField()
    hecho_por = serializers.CharField(allow_null=True)
    hecho_en = serializers.DateTimeField(allow_null=True)


def macro_out(macro: Macro) -> dict[str, Any]:
    return {
        "id": str(macro.pk),
        "nombre": macro.name,
        "texto": macro.body,
        "interno": macro.is_internal,
        "prioridad": macro.set_priority,
        "asignarme": macro.assign_to_me,
        "espera": macro.wait_reason,
        "area": macro.area.code if macro.area else None,
        "propia": macro.owner_id is not None,
    }


def step_out(item: ChecklistItem) -> dict[str, Any]:
    return {
        "id": str(item.pk),
        "paso": item.text,
        "hecho": item.done_at is not None,
        "hecho_por": item.done_by.username if item.done_by else None,
        "hecho_en": moment(item.done_at),
    }


class MacrosView(APIView):
    ordering = ("id",)

    @extend_schema(operation_id="macros_listar", tags=_TAGS, parameters=PAGING, responses=page_of(MacroOut))
    def get(self, request: Request) -> Response:
        rights, pages = caller(request).rights, CursorPages()
        if not rights.is_support:
            raise NotAllowed()
        rows = pages.paginate_queryset(macros_of(rights), request, self)
        return pages.get_paginated_response([macro_out(row) for row in rows])

    @extend_schema(
        operation_id="macros_crear", tags=_TAGS, parameters=[IDEMPOTENCY], request=MacroIn, responses={201: MacroOut}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        macro = macros.macro_save(actor=caller(request), values=body_of(request, MacroIn))
        return Response(macro_out(macro), status=201)


class MacroView(APIView):
    @extend_schema(operation_id="macros_borrar", tags=_TAGS, parameters=[IDEMPOTENCY], responses={204: None})
    @idempotent
    def delete(self, request: Request, n: int) -> Response:
        macros.macro_remove(actor=caller(request), macro_id=n)
        return Response(status=204)


class ApplyView(IncidentView):
    @extend_schema(
        operation_id="incidencias_macro", tags=_TAGS, parameters=[IDEMPOTENCY], request=ApplyIn, responses=IncidentOut
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Comment and changes of a macro, all or none."""
        actor, incident, given = caller(request), self.incident(request), body_of(request, ApplyIn)
        changed = macros.macro_apply(
            actor=actor,
            user=request.user,
            incident_id=incident.pk,
            macro_id=self.kwargs["n"],
            version=given.get("version"),
        )
        return Response(incident_out(changed, actor))


class ChecklistView(IncidentView):
    @extend_schema(operation_id="incidencias_pasos", tags=_TAGS, responses=page_of(StepOut))
    def get(self, request: Request, **kwargs: str) -> Response:
        """The checklist, for those who may read all of the incident."""
        incident = self.incident(request)
        if incident.area_id not in caller(request).rights.reads_incidents:
            raise NotAllowed()
        return _steps(incident)

    @extend_schema(
        operation_id="incidencias_pasos_agregar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=StepIn,
        responses=page_of(StepOut),
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        incident, given = self.incident(request), body_of(request, StepIn)
        if ("paso" in given) == ("plantilla" in given):
            raise InvalidInput.field("paso", _("Give either «paso» or «plantilla»."))
        common: dict[str, Any] = {"actor": caller(request), "incident_id": incident.pk}
        if "paso" in given:
            checklists.checklist_add(**common, text=given["paso"])
        else:
            checklists.checklist_fill(**common, template_id=given["plantilla"])
        return _steps(incident)


class StepView(IncidentView):
    @extend_schema(
        operation_id="incidencias_paso_marcar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=TickIn,
        responses=page_of(StepOut),
    )
    @idempotent
    def patch(self, request: Request, **kwargs: str) -> Response:
        incident, given = self.incident(request), body_of(request, TickIn)
        checklists.checklist_tick(
            actor=caller(request),
            user=request.user,
            incident_id=incident.pk,
            item_id=self.kwargs["n"],
            is_done=given["hecho"],
        )
        return _steps(incident)

    @extend_schema(operation_id="incidencias_paso_quitar", tags=_TAGS, parameters=[IDEMPOTENCY], responses={204: None})
    @idempotent
    def delete(self, request: Request, **kwargs: str) -> Response:
        incident = self.incident(request)
        checklists.checklist_remove(actor=caller(request), incident_id=incident.pk, item_id=self.kwargs["n"])
        return Response(status=204)


def _steps(incident: Incident) -> Response:
    rows = [step_out(item) for item in checklist_of(incident)]
    return Response({"resultados": rows, "siguiente": None, "anterior": None})
