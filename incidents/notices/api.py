"""One's own notifications, and how one wants to be told."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.case.shapes import moment
from prsystem.core.api.fields import Text
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of

from . import services as notifying
from .models import NoticeKind, NoticePreferences, Notification
from .selectors import notifications_of, preferences_of, unread_count, unread_of
from .texts import sentence

_TAGS = ["avisos"]


class NoticeOut(serializers.Serializer):
    id = serializers.CharField()
    tipo = serializers.ChoiceField(NoticeKind.values)
    texto = serializers.CharField()
    incidencia = serializers.CharField()
    comentario = serializers.CharField(allow_null=True)
    creado_en = serializers.DateTimeField()
    leido_en = serializers.DateTimeField(allow_null=True)


class UnreadOut(serializers.Serializer):
    sin_leer = serializers.IntegerField()


class PreferencesIn(serializers.Serializer):
    canales = serializers.DictField(child=Text(max_length=20), required=False)
    ritmo = Text(max_length=20, required=False)


class PreferencesOut(serializers.Serializer):
    canales = serializers.DictField(child=serializers.CharField())
    ritmo = serializers.CharField()


def notice_out(notice: Notification) -> dict[str, Any]:
    return {
        "id": str(notice.pk),
        "tipo": notice.kind,
        "texto": sentence(notice),
        "incidencia": notice.incident.number,
        "comentario": str(notice.comment_id) if notice.comment_id else None,
        "creado_en": moment(notice.created_at),
        "leido_en": moment(notice.read_at),
    }


def preferences_out(kept: NoticePreferences) -> dict[str, Any]:
    return {"canales": {kind: kept.channel(kind) for kind in NoticeKind.values}, "ritmo": kept.rhythm}


class NoticesView(APIView):
    ordering = ("-id",)

    @extend_schema(
        operation_id="avisos_listar",
        tags=_TAGS,
        parameters=[OpenApiParameter("sin_leer", bool), *PAGING],
        responses=page_of(NoticeOut),
    )
    def get(self, request: Request) -> Response:
        rights = caller(request).rights
        only_unread = request.query_params.get("sin_leer", "").lower() in ("1", "true")
        found = unread_of(rights) if only_unread else notifications_of(rights)
        pages = CursorPages()
        return pages.get_paginated_response([notice_out(row) for row in pages.paginate_queryset(found, request, self)])


class NoticeReadView(APIView):
    @extend_schema(
        operation_id="avisos_leer_uno", tags=_TAGS, parameters=[IDEMPOTENCY], request=None, responses=NoticeOut
    )
    @idempotent
    def post(self, request: Request, n: int) -> Response:
        return Response(notice_out(notifying.notification_read(actor=caller(request), notification_id=n)))


class NoticesReadView(APIView):
    @extend_schema(
        operation_id="avisos_leer_todos", tags=_TAGS, parameters=[IDEMPOTENCY], request=None, responses=UnreadOut
    )
    @idempotent
    def post(self, request: Request) -> Response:
        notifying.notifications_read_all(actor=caller(request))
        return Response({"sin_leer": unread_count(caller(request).rights)})


class NoticePreferencesView(APIView):
    @extend_schema(operation_id="avisos_preferencias", tags=_TAGS, responses=PreferencesOut)
    def get(self, request: Request) -> Response:
        return Response(preferences_out(preferences_of(request.user.pk)))

    @extend_schema(
        operation_id="avisos_preferencias_fijar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=PreferencesIn,
        responses=PreferencesOut,
    )
    @idempotent
    def patch(self, request: Request) -> Response:
        given = body_of(request, PreferencesIn)
        kept = notifying.notice_preferences_set(
            actor=caller(request), channels=given.get("canales", {}), rhythm=given.get("ritmo", "")
        )
        return Response(preferences_out(kept))
