"""Webhooks for administrators: endpoints, what is on its way to them, tests and resends. Secrets are told once."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from prsystem.core.api.administering import AdministratorView
from prsystem.core.api.fields import Flag, Text
from prsystem.core.api.idempotency import idempotent, idempotent_hiding
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of
from prsystem.core.errors import InvalidInput, Missing
from prsystem.core.text.cleaning import has_forbidden_controls

from ..webhooks import services
from ..webhooks.editing import NAMES, EndpointSpec, endpoint_create, endpoint_update
from ..webhooks.models import Attempt, Delivery, Endpoint

_TAGS = ["administración"]


class EndpointIn(serializers.Serializer):
    """Without `eventos` all are sent; `formato`: standard, slack or teams."""

    nombre = Text(max_length=60)
    url = Text(max_length=1000)
    eventos = serializers.ListField(child=Text(max_length=60), required=False, max_length=50)
    formato = Text(required=False, max_length=10)
    plantilla = Text(required=False, max_length=500)
    en_orden = Flag(required=False)


class EndpointChange(EndpointIn):
    nombre = Text(required=False, max_length=60)
    url = Text(required=False, max_length=1000)


class EndpointOut(serializers.Serializer):
    """`url` without its path for chats: there it is a secret."""

    id = serializers.CharField()
    nombre = serializers.CharField()
    url = serializers.CharField()
    eventos = serializers.ListField(child=serializers.CharField())
    formato = serializers.ChoiceField(Endpoint.Shape.values)
    plantilla = serializers.CharField()
    en_orden = serializers.BooleanField()
    estado = serializers.CharField()
    motivo = serializers.CharField()
    falla_desde = serializers.DateTimeField(allow_null=True)


class EndpointMadeOut(EndpointOut):
    """`secreto` is null when a repetition is answered."""

    secreto = serializers.CharField(allow_null=True)


class AttemptOut(serializers.Serializer):
    """`respuesta`: how the answer begins."""

    numero = serializers.IntegerField()
    resultado = serializers.CharField()
    estado_http = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()
    duracion_ms = serializers.IntegerField()
    respuesta = serializers.CharField()
    momento = serializers.DateTimeField()


class DeliveryOut(serializers.Serializer):
    id = serializers.CharField()
    webhook_id = serializers.CharField()
    destino = serializers.CharField()
    evento = serializers.CharField()
    recurso = serializers.CharField()
    estado = serializers.CharField()
    intentos = serializers.IntegerField()
    siguiente_intento = serializers.DateTimeField(allow_null=True)
    ultimo_estado_http = serializers.IntegerField(allow_null=True)
    ultimo_error = serializers.CharField()
    creada_en = serializers.DateTimeField()


class DeliveryDetailOut(DeliveryOut):
    registro = AttemptOut(many=True)


class RangeIn(serializers.Serializer):
    desde = serializers.DateTimeField()
    hasta = serializers.DateTimeField()


class ResentOut(serializers.Serializer):
    eventos = serializers.IntegerField()


def endpoint_out(endpoint: Endpoint) -> dict[str, Any]:
    is_chat = endpoint.shape != Endpoint.Shape.STANDARD
    return {
        "id": str(endpoint.pk),
        **{word: getattr(endpoint, name) for name, word in NAMES.items()},
        "url": services.shown_url(endpoint.url) if is_chat else endpoint.url,
        "estado": endpoint.state,
        "motivo": endpoint.reason,
        "falla_desde": endpoint.failing_since,
    }


def delivery_out(row: Delivery) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "webhook_id": row.message_id,
        "destino": row.endpoint.name,
        "evento": row.event.event,
        "recurso": row.resource,
        "estado": row.state,
        "intentos": row.attempts,
        "siguiente_intento": row.next_attempt_at if row.state == Delivery.State.PENDING else None,
        "ultimo_estado_http": row.last_status,
        "ultimo_error": row.last_error,
        "creada_en": row.created_at,
    }


def attempt_out(row: Attempt) -> dict[str, Any]:
    return {
        "numero": row.number,
        "resultado": row.result,
        "estado_http": row.status,
        "error": row.error,
        "duracion_ms": row.duration_ms,
        "respuesta": row.answer,
        "momento": row.at,
    }


def _found(n: int) -> Endpoint:
    if (endpoint := Endpoint.objects.filter(pk=n).first()) is None:
        raise Missing()
    return endpoint


def _deliveries() -> QuerySet[Delivery]:
    return Delivery.objects.select_related("event", "endpoint")


def _delivery(n: int) -> Delivery:
    if (delivery := _deliveries().filter(pk=n).first()) is None:
        raise Missing()
    return delivery


def _spec(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[word] for name, word in NAMES.items() if word in given}


class EndpointsView(AdministratorView):
    ordering = ("id",)

    @extend_schema(operation_id="webhooks_listar", tags=_TAGS, parameters=PAGING, responses=page_of(EndpointOut))
    def get(self, request: Request) -> Response:
        pages = CursorPages()
        rows = pages.paginate_queryset(Endpoint.objects.all(), request, self)
        return pages.get_paginated_response([endpoint_out(row) for row in rows])

    @extend_schema(
        operation_id="webhooks_crear",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=EndpointIn,
        responses={201: EndpointMadeOut},
    )
    @idempotent_hiding("secreto")
    def post(self, request: Request) -> Response:
        spec = EndpointSpec(**_spec(body_of(request, EndpointIn)))
        endpoint, secret = endpoint_create(actor=caller(request), spec=spec)
        return Response({**endpoint_out(endpoint), "secreto": secret}, status=201)


class EndpointView(AdministratorView):
    @extend_schema(operation_id="webhooks_leer", tags=_TAGS, responses=EndpointOut)
    def get(self, request: Request, n: int) -> Response:
        return Response(endpoint_out(_found(n)))

    @extend_schema(
        operation_id="webhooks_cambiar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=EndpointChange,
        responses=EndpointOut,
    )
    @idempotent
    def patch(self, request: Request, n: int) -> Response:
        values = _spec(body_of(request, EndpointChange))
        return Response(endpoint_out(endpoint_update(actor=caller(request), endpoint_id=n, values=values)))


class EndpointOnView(AdministratorView):
    @extend_schema(
        operation_id="webhooks_activar", tags=_TAGS, parameters=[IDEMPOTENCY], request=None, responses=EndpointOut
    )
    @idempotent
    def post(self, request: Request, n: int) -> Response:
        services.endpoint_enable(actor=caller(request), endpoint_id=_found(n).pk)
        return Response(endpoint_out(_found(n)))


class EndpointOffView(AdministratorView):
    @extend_schema(
        operation_id="webhooks_desactivar", tags=_TAGS, parameters=[IDEMPOTENCY], request=None, responses=EndpointOut
    )
    @idempotent
    def post(self, request: Request, n: int) -> Response:
        services.endpoint_disable(actor=caller(request), endpoint_id=_found(n).pk)
        return Response(endpoint_out(_found(n)))


class EndpointRotateView(AdministratorView):
    @extend_schema(
        operation_id="webhooks_rotar", tags=_TAGS, parameters=[IDEMPOTENCY], request=None, responses=EndpointMadeOut
    )
    @idempotent_hiding("secreto")
    def post(self, request: Request, n: int) -> Response:
        """A new secret; the old one signs for 24 hours more."""
        endpoint = _found(n)
        secret = services.endpoint_rotate_secret(actor=caller(request), endpoint_id=n)
        return Response({**endpoint_out(endpoint), "secreto": secret})


class EndpointTestView(AdministratorView):
    @extend_schema(
        operation_id="webhooks_probar", tags=_TAGS, parameters=[IDEMPOTENCY], request=None, responses={202: DeliveryOut}
    )
    @idempotent
    def post(self, request: Request, n: int) -> Response:
        """Sends the event `prueba`; how it went is in the delivery."""
        delivery = services.endpoint_test(actor=caller(request), endpoint_id=_found(n).pk)
        return Response(delivery_out(delivery), status=202)


class EndpointResendView(AdministratorView):
    @extend_schema(
        operation_id="webhooks_reenviar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=RangeIn,
        responses={202: ResentOut},
    )
    @idempotent
    def post(self, request: Request, n: int) -> Response:
        """Everything that happened between two moments."""
        endpoint, given = _found(n), body_of(request, RangeIn)
        if given["hasta"] < given["desde"]:
            raise InvalidInput.field("hasta", _("It must be after the beginning."))
        count = services.deliveries_resend_range(
            actor=caller(request), endpoint_id=endpoint.pk, since=given["desde"], until=given["hasta"]
        )
        return Response({"eventos": count}, status=202)


class DeliveriesView(AdministratorView):
    @extend_schema(
        operation_id="entregas_listar",
        tags=_TAGS,
        parameters=[
            *PAGING,
            OpenApiParameter("destino", str, description="Nombre del destino."),
            OpenApiParameter("estado", str, enum=Delivery.State.values),
        ],
        responses=page_of(DeliveryOut),
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        pages, rows = CursorPages(), _deliveries()
        if name := request.query_params.get("destino", ""):
            rows = rows.none() if has_forbidden_controls(name) else rows.filter(endpoint__name=name)
        if state := request.query_params.get("estado", ""):
            rows = rows.filter(state=chosen("estado", state, Delivery.State.values))
        return pages.get_paginated_response([delivery_out(row) for row in pages.paginate_queryset(rows, request, self)])


def chosen(name: str, given: str, codes: list[str]) -> str:
    if given not in codes:
        raise InvalidInput.field(name, _("One of: %(codes)s.") % {"codes": ", ".join(codes)})
    return given


class DeliveryView(AdministratorView):
    @extend_schema(operation_id="entregas_leer", tags=_TAGS, responses=DeliveryDetailOut)
    def get(self, request: Request, n: int) -> Response:
        """With every attempt."""
        delivery = _delivery(n)
        return Response({**delivery_out(delivery), "registro": [attempt_out(row) for row in delivery.log.all()]})


class DeliveryResendView(AdministratorView):
    @extend_schema(
        operation_id="entregas_reenviar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=None,
        responses={202: DeliveryOut},
    )
    @idempotent
    def post(self, request: Request, n: int) -> Response:
        """With the same `webhook-id`; one that is on its way already stays as it is."""
        services.deliveries_resend(actor=caller(request), delivery_ids=[_delivery(n).pk])
        return Response(delivery_out(_delivery(n)), status=202)
