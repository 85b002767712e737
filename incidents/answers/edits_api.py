"""What engineers changed in proposals, for administrators' programs."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from prsystem.core.api.administering import AdministratorView
from prsystem.core.api.files import AnyAccept
from prsystem.core.api.requests import caller
from prsystem.core.errors import InvalidInput

from .edits import edits_by_article, month_asked
from .edits_console import edits_file
from .exporting import FORMATS, edits_export

_TAGS = ["respuestas"]
_MONTH = OpenApiParameter("mes", str, description="`2026-11`; el presente si falta.")


class EditedOut(serializers.Serializer):
    articulo = serializers.CharField()
    titulo = serializers.CharField()
    casos = serializers.IntegerField()
    aceptadas = serializers.IntegerField()
    editadas = serializers.IntegerField()
    rechazadas = serializers.IntegerField()
    reabiertas = serializers.IntegerField()
    conservadas = serializers.IntegerField(help_text="Oraciones de la fuente que quedaron.")
    cambiadas = serializers.IntegerField()
    borradas = serializers.IntegerField()


class EditsOut(serializers.Serializer):
    mes = serializers.CharField()
    articulos = EditedOut(many=True)


def edited_out(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "articulo": row["slug"],
        "titulo": row["title"],
        "casos": row["cases"],
        "aceptadas": row["accepted"],
        "editadas": row["edited"],
        "rechazadas": row["rejected"],
        "reabiertas": row["reopened"],
        "conservadas": row["kept"],
        "cambiadas": row["changed"],
        "borradas": row["deleted"],
    }


class EditsView(AdministratorView):
    @extend_schema(operation_id="respuestas_cambios", tags=_TAGS, parameters=[_MONTH], responses=EditsOut)
    def get(self, request: Request) -> Response:
        """By article, of the resolutions of a month that had a proposal before them."""
        month = month_asked(request.query_params.get("mes", ""))
        return Response({"mes": month.code, "articulos": [edited_out(row) for row in edits_by_article(month)]})


class EditsExportView(AdministratorView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="respuestas_cambios_exportar",
        tags=_TAGS,
        parameters=[_MONTH, OpenApiParameter("formato", str, enum=list(FORMATS), description="`jsonl` si falta.")],
        responses={(200, kind.split(";")[0]): OpenApiTypes.BINARY for kind in FORMATS.values()},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """One row per sentence, with people masked. The export leaves an entry in the trail."""
        form = request.query_params.get("formato", "jsonl")
        if form not in FORMATS:
            raise InvalidInput.field("formato", ", ".join(FORMATS))
        month = month_asked(request.query_params.get("mes", ""))
        return edits_file(edits_export(actor=caller(request), month=month, form=form), month.code, form)
