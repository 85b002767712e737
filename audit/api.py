"""The audit trail for its readers: search, one entry with its seal, verification. What is taken out leaves an entry."""

from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audit.export.downloads import export_answer
from audit.export.formats import FORMATS
from audit.seals.checking import trail_check_request
from prsystem.core.api.acting import act_view
from prsystem.core.api.files import AnyAccept
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import caller
from prsystem.core.api.schema import PAGING, page_of
from prsystem.core.errors import InvalidInput, Missing, NotAllowed
from prsystem.core.text.cleaning import has_forbidden_controls
from prsystem.core.web.step_up import ProvedLately

from .forms import TrailForm
from .models import AuditEntry
from .selectors import entries_filtered, filters_told, seal_of
from .services import record

_TAGS = ["auditoría"]
_FILTERS = ("quien", "accion", "recurso", "resultado", "desde", "hasta")


class Readers(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        if not getattr(request.user, "rights", None) or not request.user.rights.reads_audit:
            raise NotAllowed()
        return True


class ReaderView(APIView):
    permission_classes = [IsAuthenticated, Readers]


class TakingView(APIView):
    """Many entries at once are an export: they want a sign-in of the last ten minutes."""

    permission_classes = [IsAuthenticated, Readers, ProvedLately]


class EntryOut(serializers.Serializer):
    id = serializers.IntegerField()
    timestamp = serializers.DateTimeField()
    actor_kind = serializers.CharField()
    usuario_id = serializers.IntegerField(allow_null=True)
    actor = serializers.CharField()
    accion = serializers.CharField()
    recurso = serializers.CharField()
    resultado = serializers.CharField()
    detalles = serializers.DictField()
    ip = serializers.CharField(allow_null=True)
    request_id = serializers.CharField()


class SealedEntryOut(EntryOut):
    """`lote` is 0 while the entry waits for its seal; `sello_valido` is null then."""

    lote = serializers.IntegerField()
    sello_valido = serializers.BooleanField(allow_null=True)


class AskedForOut(serializers.Serializer):
    pedido = serializers.BooleanField()


def entry_out(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in EntryOut().fields}


class TrailView(TakingView):
    @extend_schema(
        operation_id="auditoria_listar",
        tags=_TAGS,
        parameters=[*PAGING, *(OpenApiParameter(name, str) for name in _FILTERS)],
        responses=page_of(EntryOut),
    )
    def get(self, request: Request) -> Response:
        """Newest first. Asking for the first page leaves an entry that tells what was looked for."""
        form = TrailForm(_given(request, _FILTERS))
        if not form.is_valid():
            raise InvalidInput(errors={name: list(found) for name, found in form.errors.items()})
        pages = CursorPages()
        rows = pages.paginate_queryset(entries_filtered(form.given, form.span), request, self)
        if "cursor" not in request.query_params:
            record(caller(request), "audit.searched", "auditoria:registro", {"filtros": filters_told(form.given)})
        return pages.get_paginated_response([entry_out(row) for row in rows])


def _given(request: Request, names: tuple[str, ...]) -> dict[str, str]:
    given = {name: request.query_params.get(name, "") for name in names}
    if any(has_forbidden_controls(value) for value in given.values()):
        raise InvalidInput(_("It holds characters that can't be kept."))
    return given


class ExportView(TakingView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="auditoria_exportar",
        tags=_TAGS,
        parameters=[
            OpenApiParameter("formato", str, enum=FORMATS, description="`csv` si falta."),
            *(OpenApiParameter(name, str) for name in _FILTERS),
        ],
        responses={(200, kind): OpenApiTypes.BINARY for kind in ("text/csv", "application/x-ndjson")},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that matches, oldest first, as CSV, JSON lines or OCSF events. The export leaves an entry."""
        return export_answer(caller(request), _given(request, (*_FILTERS, "formato")))


class EntryView(ReaderView):
    @extend_schema(operation_id="auditoria_leer", tags=_TAGS, responses=SealedEntryOut)
    def get(self, request: Request, n: int) -> Response:
        """With whether its seal proves it."""
        if (entry := AuditEntry.objects.filter(pk=n).first()) is None:
            raise Missing()
        record(caller(request), "audit.read", f"auditoria:{n}")
        seal = seal_of(n)
        is_valid = None if not seal.batch and seal.fault is None else seal.fault is None
        return Response({**entry_out(entry), "lote": seal.batch, "sello_valido": is_valid})


def _verify(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    trail_check_request(actor=caller(request))
    return {"pedido": True}


VerifyView = act_view("auditoria_verificar", _verify, tags=_TAGS, base=ReaderView, answer=AskedForOut, status=202)
