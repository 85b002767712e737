"""The record of an answer, and its replay."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.case.api import IncidentView
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import caller
from prsystem.core.api.schema import IDEMPOTENCY

from .models import Suggestion
from .record import AnswerRecord, answer_record
from .replaying import replay_request

_TAGS = ["sugerencias"]


class PassageUsedOut(serializers.Serializer):
    n = serializers.IntegerField()
    articulo = serializers.CharField(allow_null=True)
    version = serializers.CharField()
    parte = serializers.CharField()
    puntaje = serializers.FloatField()


class RecordOut(serializers.Serializer):
    """`modelo`, `opciones` and `tiempos` hold what the answer was made with. `juez`, the second model that was there
    for doubtful sentences and what it said, is empty without one; `repeticion` is null without one."""

    sugerencia = serializers.CharField()
    peldaño = serializers.ChoiceField(Suggestion.Rung.values)
    motivo = serializers.CharField(allow_blank=True)
    modelo = serializers.DictField(child=serializers.CharField(allow_blank=True))
    prompt = serializers.CharField(allow_blank=True)
    opciones = serializers.DictField()
    juez = serializers.DictField()
    busqueda = serializers.CharField(allow_blank=True)
    fundamento = serializers.FloatField(allow_null=True)
    tiempos = serializers.DictField()
    pasajes = PassageUsedOut(many=True)
    repeticion = serializers.DictField(allow_null=True)


class ReplayOut(serializers.Serializer):
    sugerencia = serializers.CharField()


def record_out(found: AnswerRecord) -> dict[str, Any]:
    return {
        "sugerencia": str(found.suggestion.pk),
        "peldaño": found.suggestion.rung,
        "motivo": found.reason,
        "modelo": found.model,
        "prompt": found.prompt,
        "opciones": found.options,
        "juez": found.judge,
        "busqueda": found.search,
        "fundamento": found.groundedness,
        "tiempos": found.times,
        "pasajes": [
            {"n": p.number, "articulo": p.slug or None, "version": p.version, "parte": p.kind, "puntaje": p.score}
            for p in found.passages
        ],
        "repeticion": found.replay or None,
    }


class RecordView(IncidentView):
    @extend_schema(operation_id="sugerencia_registro", tags=_TAGS, responses=RecordOut)
    def get(self, request: Request, **kwargs: str) -> Response:
        """For those who may read all of the incident."""
        return Response(record_out(answer_record(self.incident(request), caller(request).rights)))

    @extend_schema(
        operation_id="sugerencia_repetir",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=None,
        responses={202: ReplayOut},
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Ask the same again in the background; `repeticion` says later what differs and why."""
        suggestion = replay_request(actor=caller(request), incident_id=self.incident(request).pk)
        return Response({"sugerencia": str(suggestion.pk)}, status=202)
