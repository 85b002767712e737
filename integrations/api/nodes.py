"""Model nodes for administrators: how they are, and cordoning, draining, taking back."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from prsystem.core.api.administering import AdministratorView
from prsystem.core.api.fields import Text
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of

from ..nodes.models import ModelNode
from ..nodes.services import node_set_state, standing_of

_TAGS = ["modelos"]


class NodeOut(serializers.Serializer):
    """`responde` is null for a node that isn't asked: disabled, or its address isn't allowed."""

    id = serializers.CharField()
    nodo = serializers.CharField()
    habilitado = serializers.BooleanField()
    estado = serializers.ChoiceField(ModelNode.State.values)
    responde = serializers.BooleanField(allow_null=True)
    modelos_cargados = serializers.ListField(child=serializers.CharField())
    en_curso = serializers.IntegerField()
    maximo = serializers.IntegerField()
    peso = serializers.IntegerField()
    nota = serializers.CharField()


class NodeIn(serializers.Serializer):
    estado = Text(max_length=10)


def node_out(node: ModelNode) -> dict[str, Any]:
    standing = standing_of(node)
    return {
        "id": str(node.pk),
        "nodo": node.name,
        "habilitado": node.is_enabled,
        "estado": node.state,
        "responde": standing.is_healthy,
        "modelos_cargados": list(standing.loaded),
        "en_curso": standing.in_hand,
        "maximo": node.max_in_flight,
        "peso": node.weight,
        "nota": node.note,
    }


class NodesView(AdministratorView):
    ordering = ("id",)

    @extend_schema(operation_id="nodos_listar", tags=_TAGS, parameters=PAGING, responses=page_of(NodeOut))
    def get(self, request: Request) -> Response:
        pages = CursorPages()
        rows = pages.paginate_queryset(ModelNode.objects.all(), request, self)
        return pages.get_paginated_response([node_out(row) for row in rows])


class OneNodeView(AdministratorView):
    @extend_schema(
        operation_id="nodos_cambiar", tags=_TAGS, parameters=[IDEMPOTENCY], request=NodeIn, responses=NodeOut
    )
    @idempotent
    def patch(self, request: Request, n: int) -> Response:
        """`acordonado` and `vaciando` take no new work; `activo` does again."""
        node = node_set_state(actor=caller(request), node_id=n, state=body_of(request, NodeIn)["estado"])
        return Response(node_out(node))
