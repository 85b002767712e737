"""The glossary: list, add, change, delete, and try a query."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from prsystem.core.api.fields import Text
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller, query_of
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of

from ..models import GlossaryTerm
from ..retrieval.glossary import names_in
from ..selectors_glossary import glossary_tried, term_get, term_to_change, terms_containing, terms_visible_to
from ..services.glossary import TermSpec, term_add, term_change, term_delete
from ..services.search import QUERY_LENGTH
from .views import known_area, words_of

_TAGS = ["conocimiento"]


class TermIn(serializers.Serializer):
    """`area` null or left out: a word of the whole site."""

    termino = Text()
    nombres = serializers.ListField(child=Text(), max_length=100)
    area = Text(required=False, allow_null=True)
    nota = Text(required=False)


class TermChangeIn(TermIn):
    """What is left out stays as it is."""

    termino = Text(required=False)
    nombres = serializers.ListField(child=Text(), max_length=100, required=False)


class TermOut(serializers.Serializer):
    id = serializers.CharField()
    termino = serializers.CharField()
    nombres = serializers.ListField(child=serializers.CharField())
    area = serializers.CharField(allow_null=True)
    nota = serializers.CharField()


class TryQuery(serializers.Serializer):
    query = Text(max_length=QUERY_LENGTH, allow_blank=False, trim_whitespace=True)


class MeantOut(serializers.Serializer):
    """`por`: the name in the query that meant the term."""

    termino = serializers.CharField()
    por = serializers.CharField()


class TriedOut(serializers.Serializer):
    consulta = serializers.CharField()
    tambien = MeantOut(many=True)


def term_out(term: GlossaryTerm) -> dict[str, Any]:
    return {
        "id": str(term.pk),
        "termino": term.term,
        "nombres": list(names_in(term.names)),
        "area": term.area.code if term.area else None,
        "nota": term.note,
    }


def _spec(given: dict[str, Any], term: GlossaryTerm | None = None) -> TermSpec:
    """Out of a body; what it leaves out is the term's."""
    code = given.get("area", term.area.code if term and term.area else None)
    return TermSpec(
        term=given.get("termino", term.term if term else ""),
        names="\n".join(given["nombres"]) if "nombres" in given else term.names if term else "",
        area=None if code is None else known_area(code),
        note=given.get("nota", term.note if term else ""),
    )


class GlossaryView(APIView):
    ordering = ("term", "id")

    @extend_schema(
        operation_id="glosario_listar",
        tags=_TAGS,
        parameters=[OpenApiParameter("q", str), OpenApiParameter("area", str), *PAGING],
        responses=page_of(TermOut),
    )
    def get(self, request: Request) -> Response:
        """The words of the whole site and of the caller's areas."""
        found, pages = terms_visible_to(caller(request).rights), CursorPages()
        words = words_of(request)
        if code := request.query_params.get("area", ""):
            found = found.filter(area=known_area(code))
        rows = pages.paginate_queryset(terms_containing(found, words) if words else found, request, self)
        return pages.get_paginated_response([term_out(row) for row in rows])

    @extend_schema(
        operation_id="glosario_agregar", tags=_TAGS, parameters=[IDEMPOTENCY], request=TermIn, responses={201: TermOut}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        term = term_add(actor=caller(request), spec=_spec(body_of(request, TermIn)))
        location = request.build_absolute_uri(f"/api/conocimiento/glosario/{term.pk}")
        return Response(term_out(term), status=201, headers={"Location": location})


class TermView(APIView):
    @extend_schema(operation_id="glosario_leer", tags=_TAGS, responses=TermOut)
    def get(self, request: Request, n: int) -> Response:
        return Response(term_out(term_get(caller(request).rights, n)))

    @extend_schema(
        operation_id="glosario_cambiar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=TermChangeIn,
        responses=TermOut,
    )
    @idempotent
    def patch(self, request: Request, n: int) -> Response:
        actor = caller(request)
        term = term_to_change(actor.rights, n)
        spec = _spec(body_of(request, TermChangeIn), term)
        return Response(term_out(term_change(actor=actor, term_id=term.pk, spec=spec)))

    @extend_schema(operation_id="glosario_quitar", tags=_TAGS, parameters=[IDEMPOTENCY], responses={204: None})
    @idempotent
    def delete(self, request: Request, n: int) -> Response:
        term_delete(actor=caller(request), term_id=n)
        return Response(status=204)


class GlossaryTryView(APIView):
    @extend_schema(operation_id="glosario_probar", tags=_TAGS, parameters=[TryQuery], responses=TriedOut)
    def get(self, request: Request) -> Response:
        """How a search of the caller would be widened."""
        text = query_of(request, TryQuery)["query"]
        found = glossary_tried(caller(request).rights, text)
        return Response({"consulta": text, "tambien": [{"termino": one.term, "por": one.name} for one in found]})
