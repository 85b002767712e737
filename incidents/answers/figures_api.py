"""How useful the answers were, for administrators' programs: the page's figures, definitions and cases."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.exams.models import ExamRun
from incidents.exams.scoring import VERDICTS
from incidents.suggestions.models import Suggestion
from prsystem.core.api.administering import AdministratorView
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.schema import PAGING, page_of
from prsystem.core.errors import InvalidInput

from .judging import DEFINITIONS, Judgement, cases_behind, figures, newest_exams, span_asked

_TAGS = ["respuestas"]
_FILTERS = [
    OpenApiParameter("area", str),
    OpenApiParameter("semanas", int, description="Cuántas, con la presente; 12 si falta."),
    OpenApiParameter("semana", str, description="El lunes de una sola."),
]


class CountsOut(serializers.Serializer):
    util = serializers.IntegerField()
    enganosa = serializers.IntegerField()
    callada = serializers.IntegerField()
    sin_valorar = serializers.IntegerField()


class WeekOut(CountsOut):
    semana = serializers.DateField(help_text="Su lunes.")
    area = serializers.CharField()


class AnswerExamOut(serializers.Serializer):
    hecho_en = serializers.DateTimeField()
    modelo = serializers.CharField(help_text="Vacío: solo pasajes.")
    util = serializers.ListField(child=serializers.CharField(), help_text="Números de los casos.")
    enganosa = serializers.ListField(child=serializers.CharField())
    callada = serializers.ListField(child=serializers.CharField())


class AnswersOut(serializers.Serializer):
    desde = serializers.DateTimeField()
    hasta = serializers.DateTimeField()
    definiciones = serializers.DictField(child=serializers.CharField())
    total = CountsOut()
    semanas = WeekOut(many=True)
    examenes = AnswerExamOut(many=True)


class JudgedOut(serializers.Serializer):
    incidencia = serializers.CharField()
    numero = serializers.CharField()
    area = serializers.CharField()
    juicio = serializers.ChoiceField(Judgement.values)
    resultado = serializers.CharField(help_text="`aceptada`, `editada` o `rechazada`; vacío sin resolver.")
    reabierta = serializers.BooleanField()
    sirvio_a = serializers.IntegerField()
    no_sirvio_a = serializers.IntegerField()
    pedida_en = serializers.DateTimeField()


def judged_out(suggestion: Any) -> dict[str, Any]:
    return {
        "incidencia": str(suggestion.incident_id),
        "numero": suggestion.incident.number,
        "area": suggestion.incident.area.code,
        "juicio": suggestion.judgement,
        "resultado": suggestion.result or "",
        "reabierta": suggestion.came_back_at is not None,
        "sirvio_a": suggestion.pleased,
        "no_sirvio_a": suggestion.displeased,
        "pedida_en": suggestion.created_at,
    }


class AnswersView(AdministratorView):
    @extend_schema(operation_id="respuestas_leer", tags=_TAGS, parameters=_FILTERS, responses=AnswersOut)
    def get(self, request: Request) -> Response:
        """Useful, misleading and silent proposals, by week and area, what each means, and the newest exams."""
        span = span_asked(request.query_params.dict())
        found = figures(span, request.query_params.get("area", "").upper())
        cells: dict[tuple[Any, str], dict[str, Any]] = {}
        for cell in found.cells:
            empty = {"semana": cell["week"], "area": cell["area"], **dict.fromkeys(Judgement.values, 0)}
            cells.setdefault((cell["week"], cell["area"]), empty)[cell["judgement"]] = cell["n"]
        return Response(
            {
                "desde": span.since,
                "hasta": span.until,
                "definiciones": {code: str(text) for code, text in DEFINITIONS.items()},
                "total": {code: found.total.get(code, 0) for code in Judgement.values},
                "semanas": list(cells.values()),
                "examenes": [exam_out(exam) for exam in newest_exams()],
            }
        )


def exam_out(exam: ExamRun) -> dict[str, Any]:
    told = {code: exam.verdicts[code] for code in VERDICTS}
    return {"hecho_en": exam.created_at, "modelo": exam.chat_model, **told}


class AnswerCasesView(AdministratorView):
    ordering = ("-id",)

    @extend_schema(
        operation_id="respuestas_casos",
        tags=_TAGS,
        parameters=[*PAGING, *_FILTERS, OpenApiParameter("juicio", str, enum=Judgement.values)],
        responses=page_of(JudgedOut),
    )
    def get(self, request: Request) -> Response:
        """The cases behind a figure, newest first."""
        given = request.query_params
        judgement = given.get("juicio", "")
        if judgement and judgement not in Judgement.values:
            raise InvalidInput.field("juicio", ", ".join(Judgement.values))
        found = cases_behind(span_asked(given.dict()), judgement=judgement, area=given.get("area", "").upper())
        pages = CursorPages()
        rows: list[Suggestion] = pages.paginate_queryset(found, request, self)
        return pages.get_paginated_response([judged_out(row) for row in rows])
