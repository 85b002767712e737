"""Knowledge gaps in the API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.case.numbers import incident_number
from prsystem.core.api.fields import Text
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY

from .models import KnowledgeGap
from .selectors import gap_cases, gap_get, gaps_visible_to
from .services import gap_dismiss, gap_draft_request, gap_reopen

_TAGS = ["conocimiento"]
LIMIT = 100


class GapOut(serializers.Serializer):
    id = serializers.CharField()
    area = serializers.CharField()
    titulo = serializers.CharField()
    palabras = serializers.CharField()
    estado = serializers.ChoiceField(KnowledgeGap.State.choices)
    casos = serializers.IntegerField()
    reaperturas = serializers.IntegerField()
    horas = serializers.FloatField()
    articulo_cercano = serializers.CharField(allow_null=True)
    confianza = serializers.FloatField()
    borrador = serializers.CharField(allow_null=True, help_text="Artículo del borrador.")
    motivo = serializers.CharField()
    incidencias = serializers.ListField(child=serializers.CharField(), help_text="Las que se pueden ver.")


class GapsOut(serializers.Serializer):
    resultados = GapOut(many=True)


class GapDismissIn(serializers.Serializer):
    motivo = Text(max_length=300)


def gap_out(gap: KnowledgeGap, case_ids: list[int]) -> dict[str, Any]:
    return {
        "id": str(gap.pk),
        "area": gap.area.code,
        "titulo": gap.title,
        "palabras": gap.words,
        "estado": gap.state,
        "casos": gap.cases,
        "reaperturas": gap.reopenings,
        "horas": gap.hours,
        "articulo_cercano": gap.nearest.slug if gap.nearest and gap.nearest.current_id else None,
        "confianza": gap.confidence,
        "borrador": gap.draft.article.slug if gap.draft else None,
        "motivo": gap.reason,
        "incidencias": [incident_number(pk) for pk in case_ids],
    }


class GapsView(APIView):
    @extend_schema(
        operation_id="huecos_listar", tags=_TAGS, parameters=[OpenApiParameter("descartados", bool)], responses=GapsOut
    )
    def get(self, request: Request) -> Response:
        """Gaps of the areas in which the caller publishes, the most costly first, at most 100."""
        rights = caller(request).rights
        dismissed = request.query_params.get("descartados", "") in ("1", "true")
        gaps = list(gaps_visible_to(rights, dismissed=dismissed)[:LIMIT])
        cases = gap_cases(rights, [gap.pk for gap in gaps])
        rows = [gap_out(gap, [case.pk for case in cases.get(gap.pk, [])]) for gap in gaps]
        return Response({"resultados": rows})


class GapView(APIView):
    def changed(self, request: Request, gap: KnowledgeGap) -> Response:
        rights = caller(request).rights
        fresh = gap_get(rights, gap.pk)
        cases = gap_cases(rights, [gap.pk]).get(gap.pk, [])
        return Response(gap_out(fresh, [case.pk for case in cases]))


class GapDraftView(GapView):
    @extend_schema(
        operation_id="huecos_borrador", tags=_TAGS, parameters=[IDEMPOTENCY], request=None, responses={202: GapOut}
    )
    @idempotent
    def post(self, request: Request, **kwargs: int) -> Response:
        """Ask for the draft of an article; it is written in the background."""
        answer = self.changed(request, gap_draft_request(actor=caller(request), gap_id=self.kwargs["gap_id"]))
        answer.status_code = 202
        return answer


class GapDismissView(GapView):
    @extend_schema(
        operation_id="huecos_descartar", tags=_TAGS, parameters=[IDEMPOTENCY], request=GapDismissIn, responses=GapOut
    )
    @idempotent
    def post(self, request: Request, **kwargs: int) -> Response:
        """Say that it isn't worth an article, with the reason."""
        reason = body_of(request, GapDismissIn)["motivo"]
        return self.changed(request, gap_dismiss(actor=caller(request), gap_id=self.kwargs["gap_id"], reason=reason))


class GapReopenView(GapView):
    @extend_schema(
        operation_id="huecos_recuperar", tags=_TAGS, parameters=[IDEMPOTENCY], request=None, responses=GapOut
    )
    @idempotent
    def post(self, request: Request, **kwargs: int) -> Response:
        """Bring a dismissed gap back."""
        return self.changed(request, gap_reopen(actor=caller(request), gap_id=self.kwargs["gap_id"]))
