"""Chat models that may replace the one in use: proposed, examined on closed cases, promoted."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from prsystem.core.api.acting import act_view
from prsystem.core.api.administering import AdministratorView
from prsystem.core.api.fields import Text
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of
from prsystem.core.errors import Missing

from . import services as examining
from .models import ChatModelCandidate

_TAGS = ["modelos"]


class CandidateIn(serializers.Serializer):
    """As the nodes list it, `qwen3:8b`."""

    nombre = Text(max_length=120)
    clase = serializers.ChoiceField(ChatModelCandidate.Kind.values, required=False)


class CandidateOut(serializers.Serializer):
    id = serializers.CharField()
    nombre = serializers.CharField()
    clase = serializers.ChoiceField(ChatModelCandidate.Kind.values)
    estado = serializers.ChoiceField(ChatModelCandidate.State.values)
    puntaje = serializers.FloatField(allow_null=True)
    casos_peores = serializers.ListField(child=serializers.CharField())


def candidate_out(candidate: ChatModelCandidate) -> dict[str, Any]:
    return {
        "id": str(candidate.pk),
        "nombre": candidate.name,
        "clase": candidate.kind,
        "estado": candidate.state,
        "puntaje": candidate.exam.score if candidate.exam else None,
        "casos_peores": [str(case) for case in candidate.failing],
    }


class CandidatesView(AdministratorView):
    @extend_schema(operation_id="modelos_listar", tags=_TAGS, parameters=PAGING, responses=page_of(CandidateOut))
    def get(self, request: Request) -> Response:
        pages = CursorPages()
        rows = pages.paginate_queryset(ChatModelCandidate.objects.select_related("exam"), request, self)
        return pages.get_paginated_response([candidate_out(row) for row in rows])

    @extend_schema(
        operation_id="modelos_proponer",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=CandidateIn,
        responses={201: CandidateOut},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        given = body_of(request, CandidateIn)
        kind = given.get("clase", ChatModelCandidate.Kind.MODEL)
        made = examining.candidate_propose(actor=caller(request), name=given["nombre"], kind=kind)
        return Response(candidate_out(made), status=201)


def _found(n: int) -> ChatModelCandidate:
    if (candidate := ChatModelCandidate.objects.select_related("exam").filter(pk=n).first()) is None:
        raise Missing()
    return candidate


def _examine(request: Request, given: dict[str, Any], n: int) -> dict[str, Any]:
    candidate = _found(n)
    examining.candidate_examine_request(actor=caller(request), candidate_id=candidate.pk)
    return candidate_out(candidate)


def _promote(request: Request, given: dict[str, Any], n: int) -> dict[str, Any]:
    return candidate_out(examining.candidate_promote(actor=caller(request), candidate_id=_found(n).pk))


ExamineView = act_view(
    "modelos_examinar", _examine, tags=_TAGS, base=AdministratorView, answer=CandidateOut, status=202
)
PromoteView = act_view("modelos_promover", _promote, tags=_TAGS, base=AdministratorView, answer=CandidateOut)
