"""The hand-over of a shift, its notes, and the mails of it and of the board."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.board.selectors import area_read
from incidents.case.models import Incident
from incidents.case.numbers import incident_number
from incidents.case.shapes import moment
from incidents.intake.models import MaintenanceWindow, Storm
from prsystem.accounts.models import Area
from prsystem.core.api.fields import Text
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of
from prsystem.core.errors import InvalidInput
from prsystem.core.rights import Rights

from .lists import brief_lists
from .mailing import board_mail_remove, board_mail_set
from .models import BoardMail, ShiftNote
from .selectors import Brief, Listed, board_mails_of, brief_of
from .services import shift_asked_for, shift_note_add

_TAGS = ["tablero"]


class ShiftNoteIn(serializers.Serializer):
    area = Text(max_length=12)
    nota = Text()


class ShiftNoteOut(serializers.Serializer):
    id = serializers.CharField()
    area = serializers.CharField()
    autor = serializers.CharField()
    nota = serializers.CharField()
    creado_en = serializers.DateTimeField()


class ShiftRowOut(serializers.Serializer):
    """`vence_en`: the target that counts now, of the answer until there is one, then of the resolution."""

    numero = serializers.CharField()
    titulo = serializers.CharField()
    prioridad = serializers.CharField()
    nivel = serializers.CharField()
    estado = serializers.CharField()
    asignado_a = serializers.CharField(allow_null=True)
    vence_en = serializers.DateTimeField(allow_null=True)
    motivo_espera = serializers.CharField()


class ShiftListOut(serializers.Serializer):
    """The first 50; `total` counts all."""

    lista = serializers.ChoiceField(["plazos", "prometido", "esperas", "escaladas", "entradas", "terminadas"])
    total = serializers.IntegerField()
    incidencias = ShiftRowOut(many=True)


class StormOut(serializers.Serializer):
    incidencia = serializers.CharField(allow_null=True)
    origen = serializers.CharField()
    veces = serializers.IntegerField()
    ultima_en = serializers.DateTimeField()


class WindowOut(serializers.Serializer):
    motivo = serializers.CharField()
    desde = serializers.DateTimeField()
    hasta = serializers.DateTimeField()


class ShiftOut(serializers.Serializer):
    """`es_turno`: a shift of the area's calendar; else hours counted back."""

    area = serializers.CharField()
    desde = serializers.DateTimeField()
    hasta = serializers.DateTimeField()
    es_turno = serializers.BooleanField()
    abiertas = serializers.DictField(child=serializers.IntegerField())
    listas = ShiftListOut(many=True)
    tormentas = StormOut(many=True)
    mantenimiento = WindowOut(many=True)
    notas = ShiftNoteOut(many=True)


class BoardMailIn(serializers.Serializer):
    """`usuario`: who gets it; oneself when empty. Only administrators name others."""

    que = Text(max_length=10)
    ritmo = Text(max_length=10)
    area = Text(max_length=12, required=False)
    usuario = Text(max_length=150, required=False)


class BoardMailOut(serializers.Serializer):
    id = serializers.CharField()
    que = serializers.ChoiceField(BoardMail.What.values)
    ritmo = serializers.ChoiceField(BoardMail.Rhythm.values)
    area = serializers.CharField(allow_null=True)
    usuario = serializers.CharField()


def note_out(note: ShiftNote) -> dict[str, Any]:
    return {
        "id": str(note.pk),
        "area": note.area.code,
        "autor": note.author_label,
        "nota": note.body,
        "creado_en": moment(note.created_at),
    }


def mail_out(mail: BoardMail) -> dict[str, Any]:
    return {
        "id": str(mail.pk),
        "que": mail.what,
        "ritmo": mail.rhythm,
        "area": mail.area.code if mail.area else None,
        "usuario": mail.user.username,
    }


def shift_out(brief: Brief) -> dict[str, Any]:
    return {
        "area": brief.area.code,
        "desde": moment(brief.shift.since),
        "hasta": moment(brief.shift.until),
        "es_turno": brief.shift.is_own,
        "abiertas": brief.open_by_level,
        "listas": [_list_out(one.code, one.found) for one in brief_lists(brief)],
        "tormentas": [_storm_out(storm) for storm in brief.storms],
        "mantenimiento": [_window_out(window) for window in brief.maintenance],
        "notas": [{**note_out(note), "area": brief.area.code} for note in brief.notes],
    }


def _list_out(code: str, found: Listed) -> dict[str, Any]:
    return {"lista": code, "total": found.total, "incidencias": [_row_out(row) for row in found.rows]}


def _row_out(row: Incident) -> dict[str, Any]:
    return {
        "numero": row.number,
        "titulo": row.title,
        "prioridad": row.priority,
        "nivel": row.level,
        "estado": row.state,
        "asignado_a": row.assignee.username if row.assignee else None,
        "vence_en": moment(row.resolution_due_at if row.responded_at else row.response_due_at),
        "motivo_espera": row.waiting_reason,
    }


def _storm_out(storm: Storm) -> dict[str, Any]:
    return {
        "incidencia": incident_number(storm.incident_id) if storm.incident_id else None,
        "origen": storm.source,
        "veces": storm.total,
        "ultima_en": moment(storm.last_at),
    }


def _window_out(window: MaintenanceWindow) -> dict[str, Any]:
    return {"motivo": window.reason, "desde": moment(window.starts_at), "hasta": moment(window.ends_at)}


def _named(rights: Rights, code: str) -> Area:
    """A hand-over is of one area; Missing for one that the caller doesn't read."""
    found = area_read(rights, code)
    if found is None:
        raise InvalidInput.field("area", _("Choose an area: shifts are those of an area."))
    return found


class ShiftView(APIView):
    @extend_schema(
        operation_id="turno_leer",
        tags=_TAGS,
        parameters=[
            OpenApiParameter("area", str, required=True, description="Código del área."),
            OpenApiParameter("horas", int, description="8, 12 o 24 horas atrás en lugar del turno."),
        ],
        responses=ShiftOut,
    )
    def get(self, request: Request) -> Response:
        query = request.query_params
        area = _named(caller(request).rights, query.get("area", ""))
        return Response(shift_out(brief_of(area, shift_asked_for(area, query.get("horas", "")))))


class ShiftNotesView(APIView):
    @extend_schema(
        operation_id="turno_anotar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=ShiftNoteIn,
        responses={201: ShiftNoteOut},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        actor, given = caller(request), body_of(request, ShiftNoteIn)
        area = _named(actor.rights, given["area"])
        return Response(note_out(shift_note_add(actor=actor, area=area, body=given["nota"])), status=201)


class BoardMailsView(APIView):
    ordering = ("id",)

    @extend_schema(operation_id="informes_listar", tags=_TAGS, parameters=PAGING, responses=page_of(BoardMailOut))
    def get(self, request: Request) -> Response:
        """One's own; those of everybody for administrators."""
        rights, pages = caller(request).rights, CursorPages()
        area_read(rights, "")
        rows: QuerySet[BoardMail] = board_mails_of(rights)
        return pages.get_paginated_response([mail_out(row) for row in pages.paginate_queryset(rows, request, self)])

    @extend_schema(
        operation_id="informes_pedir",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=BoardMailIn,
        responses={201: BoardMailOut},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        actor, given = caller(request), body_of(request, BoardMailIn)
        kept = board_mail_set(
            actor=actor,
            what=given["que"],
            rhythm=given["ritmo"],
            area=given.get("area", ""),
            username=given.get("usuario", ""),
        )
        return Response(mail_out(kept), status=201)


class BoardMailView(APIView):
    @extend_schema(operation_id="informes_quitar", tags=_TAGS, parameters=[IDEMPOTENCY], responses={204: None})
    @idempotent
    def delete(self, request: Request, n: int) -> Response:
        board_mail_remove(actor=caller(request), mail_id=n)
        return Response(status=204)
