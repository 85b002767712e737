"""The figures of the board; what each one counts is told in `selectors`."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.decorators import method_decorator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.case.choices import Level
from prsystem.core.api.requests import caller
from prsystem.core.replica.reading import may_be_stale

from .period import period_from
from .selectors import ALL, Board, Share, Times, area_read, board


class OpenByAreaOut(serializers.Serializer):
    area = serializers.CharField()
    nombre = serializers.CharField()
    niveles = serializers.DictField(child=serializers.IntegerField())
    total = serializers.IntegerField()


class StandingOut(serializers.Serializer):
    nivel = serializers.ChoiceField(Level.values)
    ok = serializers.IntegerField()
    en_riesgo = serializers.IntegerField()
    vencido = serializers.IntegerField()


class StretchOut(serializers.Serializer):
    desde = serializers.DateField()
    hasta = serializers.DateField()
    reportadas = serializers.IntegerField()
    terminadas = serializers.IntegerField()
    abiertas = serializers.IntegerField()


class BoardTimesOut(serializers.Serializer):
    prioridad = serializers.CharField(help_text="`todas` o una prioridad.")
    casos = serializers.IntegerField()
    mediana_segundos = serializers.FloatField(allow_null=True)
    p90_segundos = serializers.FloatField(allow_null=True)


class BoardShareOut(serializers.Serializer):
    parte = serializers.IntegerField()
    total = serializers.IntegerField()
    tasa = serializers.FloatField(allow_null=True)


class BoardOut(serializers.Serializer):
    desde = serializers.DateField()
    hasta = serializers.DateField()
    area = serializers.CharField(allow_null=True)
    intervalo = serializers.ChoiceField(["dia", "semana"])
    abiertas = OpenByAreaOut(many=True)
    sla = StandingOut(many=True)
    flujo = StretchOut(many=True)
    primera_respuesta = BoardTimesOut(many=True)
    resolucion = BoardTimesOut(many=True)
    a_tiempo = BoardShareOut()
    reaperturas = BoardShareOut()
    desvio = BoardShareOut()
    aceptacion = BoardShareOut()
    aceptacion_por_peldano = serializers.DictField(child=BoardShareOut())


class BoardView(APIView):
    @extend_schema(
        operation_id="tablero_leer",
        tags=["tablero"],
        parameters=[
            OpenApiParameter("desde", str, description="Primer día, como 2026-11-24; 30 días antes si falta."),
            OpenApiParameter("hasta", str, description="Último día; hoy si falta."),
            OpenApiParameter("area", str, description="Código de un área; todas las propias si falta."),
        ],
        responses=BoardOut,
    )
    @method_decorator(may_be_stale)
    def get(self, request: Request) -> Response:
        rights, query = caller(request).rights, request.query_params.dict()
        area = area_read(rights, query.get("area", ""))
        period = period_from(query, timezone.localdate(), timezone.get_current_timezone())
        return Response(board_out(board(rights, period, area)))


def board_out(found: Board) -> dict[str, Any]:
    return {
        "desde": found.period.first,
        "hasta": found.period.last,
        "area": found.area.code if found.area else None,
        "intervalo": "semana" if found.period.is_by_week else "dia",
        "abiertas": [
            {"area": row.code, "nombre": row.name, "niveles": row.by_level, "total": row.total} for row in found.open
        ],
        "sla": [{"nivel": level, **states} for level, states in found.targets.items()],
        "flujo": [
            {"desde": row.first, "hasta": row.last}
            | {"reportadas": row.reported, "terminadas": row.ended, "abiertas": row.open}
            for row in found.flow
        ],
        "primera_respuesta": [_times_out(row) for row in found.response],
        "resolucion": [_times_out(row) for row in found.resolution],
        "a_tiempo": _share_out(found.in_time),
        "reaperturas": _share_out(found.reopened),
        "desvio": _share_out(found.deflected),
        "aceptacion": _share_out(found.accepted_total),
        "aceptacion_por_peldano": {rung: _share_out(share) for rung, share in found.accepted.items()},
    }


def _times_out(row: Times) -> dict[str, Any]:
    return {
        "prioridad": "todas" if row.priority == ALL else row.priority,
        "casos": row.count,
        "mediana_segundos": _seconds(row.median),
        "p90_segundos": _seconds(row.p90),
    }


def _seconds(value: timedelta | None) -> float | None:
    return None if value is None else value.total_seconds()


def _share_out(share: Share) -> dict[str, Any]:
    return {"parte": share.part, "total": share.whole, "tasa": share.rate}
