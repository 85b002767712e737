"""Saved views, workload, and who has an incident open."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.case.api import IncidentView
from incidents.case.shapes import moment
from prsystem.core.api.fields import Text
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of
from prsystem.core.context import Actor
from prsystem.core.errors import NotAllowed

from . import services as desk
from .models import SavedView
from .selectors import MOST_COUNTED, Load, others_present, view_count, view_get, views_visible_to, workload

_TAGS = ["mesa"]


class ViewIn(serializers.Serializer):
    """`filtros` as those of the list; with `papel` or `area` it is shared."""

    nombre = Text(max_length=60)
    filtros = serializers.DictField(child=Text(max_length=200), required=False)
    orden = Text(max_length=20, required=False)
    papel = Text(max_length=20, required=False)
    area = Text(max_length=12, required=False)


class ViewOut(serializers.Serializer):
    """`cuenta` goes up to 100, which stands for that or more."""

    slug = serializers.CharField()
    nombre = serializers.CharField()
    propietario = serializers.CharField()
    filtros = serializers.DictField(child=serializers.CharField())
    orden = serializers.CharField()
    compartida = serializers.BooleanField()
    papel = serializers.CharField()
    area = serializers.CharField(allow_null=True)
    cuenta = serializers.IntegerField()
    url = serializers.CharField()


class LoadOut(serializers.Serializer):
    usuario = serializers.CharField()
    nombre = serializers.CharField()
    abiertas = serializers.IntegerField()
    en_espera = serializers.IntegerField()
    vencidas = serializers.IntegerField()
    por_prioridad = serializers.DictField(child=serializers.IntegerField())


class PresentOut(serializers.Serializer):
    usuario = serializers.CharField()
    nombre = serializers.CharField()
    visto_en = serializers.DateTimeField()


def view_out(view: SavedView, actor: Actor) -> dict[str, Any]:
    return {
        "slug": view.slug,
        "nombre": view.name,
        "propietario": view.owner.username,
        "filtros": view.filters,
        "orden": view.order,
        "compartida": view.is_shared,
        "papel": view.role,
        "area": view.area.code if view.area else None,
        "cuenta": min(view_count(view, actor.rights, actor.label), MOST_COUNTED),
        "url": view.get_absolute_url(),
    }


class ViewsView(APIView):
    ordering = ("id",)

    @extend_schema(operation_id="vistas_listar", tags=_TAGS, parameters=PAGING, responses=page_of(ViewOut))
    def get(self, request: Request) -> Response:
        """One's own views and those shared with the caller, each with its count."""
        actor, pages = caller(request), CursorPages()
        rows = pages.paginate_queryset(views_visible_to(actor.rights), request, self)
        return pages.get_paginated_response([view_out(row, actor) for row in rows])

    @extend_schema(
        operation_id="vistas_guardar", tags=_TAGS, parameters=[IDEMPOTENCY], request=ViewIn, responses={201: ViewOut}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        actor, given = caller(request), body_of(request, ViewIn)
        view = desk.view_save(
            actor=actor,
            name=given["nombre"],
            filters=given.get("filtros", {}),
            order=given.get("orden", ""),
            role=given.get("papel", ""),
            area=given.get("area", ""),
        )
        return Response(view_out(view, actor), status=201)


class ViewView(APIView):
    @extend_schema(operation_id="vistas_leer", tags=_TAGS, responses=ViewOut)
    def get(self, request: Request, slug: str) -> Response:
        actor = caller(request)
        return Response(view_out(view_get(actor.rights, slug), actor))

    @extend_schema(operation_id="vistas_borrar", tags=_TAGS, parameters=[IDEMPOTENCY], responses={204: None})
    @idempotent
    def delete(self, request: Request, slug: str) -> Response:
        desk.view_remove(actor=caller(request), slug=slug)
        return Response(status=204)


class LoadView(APIView):
    @extend_schema(operation_id="carga", tags=_TAGS, responses=page_of(LoadOut))
    def get(self, request: Request) -> Response:
        """Open work of every engineer where the caller works."""
        rights = caller(request).rights
        if not rights.is_support:
            raise NotAllowed()
        return Response(
            {"resultados": [_load_out(row) for row in workload(rights)], "siguiente": None, "anterior": None}
        )


def _load_out(load: Load) -> dict[str, Any]:
    return {
        "usuario": load.username,
        "nombre": load.name,
        "abiertas": load.total,
        "en_espera": load.waiting,
        "vencidas": load.overdue,
        "por_prioridad": dict(load.priorities),
    }


class PresenceView(IncidentView):
    @extend_schema(operation_id="incidencias_presencia", tags=_TAGS, request=None, responses=page_of(PresentOut))
    def post(self, request: Request, **kwargs: str) -> Response:
        """Say that one has the incident open, and learn who else has; for support, again within 20 seconds."""
        actor, incident = caller(request), self.incident(request)
        desk.presence_beat(actor=actor, incident=incident)
        rows = [
            {"usuario": row.user.username, "nombre": str(row.user), "visto_en": moment(row.seen_at)}
            for row in others_present(incident.pk, request.user.pk)
        ]
        return Response({"resultados": rows, "siguiente": None, "anterior": None})
