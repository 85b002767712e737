"""Manuals: list, upload, new edition, file, delete."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from prsystem.core.api.fields import Text
from prsystem.core.api.files import FILE_HEADERS, AnyAccept
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.parsers import BoundedMultiPartParser
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of

from ..models_manuals import Manual, ManualEdition
from ..selectors_manuals import (
    edition_content,
    editions_of,
    holding_signs,
    indexed_percent,
    manual_get,
    manual_to_change,
    manuals_visible_to,
    parts_of,
)
from ..services.holding import edition_release, signs_told
from ..services.manuals import edition_add, manual_add, manual_delete, manual_visibility_set
from .serializers import SignOut
from .shapes import moment
from .views import known_area

_TAGS = ["conocimiento"]


class EditionIn(serializers.Serializer):
    archivo = serializers.FileField(allow_empty_file=True, max_length=None)


class ManualIn(EditionIn):
    nombre = Text(required=False)
    area = Text()
    visibilidad = Text(required=False)


class ManualChangeIn(serializers.Serializer):
    visibilidad = Text()


class EditionOut(serializers.Serializer):
    edicion = serializers.IntegerField()
    estado = serializers.ChoiceField(ManualEdition.State.values)
    motivo = serializers.CharField()
    archivo = serializers.CharField()
    sha256 = serializers.CharField()
    paginas = serializers.IntegerField()
    partes = serializers.IntegerField()
    creado_en = serializers.DateTimeField()
    retencion = SignOut(many=True, help_text="Lo que la retiene; vacía si nada la retiene.")


class EditionReleaseIn(serializers.Serializer):
    motivo = Text()


class ManualOut(serializers.Serializer):
    manual = serializers.CharField()
    nombre = serializers.CharField()
    area = serializers.CharField()
    visibilidad = serializers.CharField()
    url = serializers.CharField()


class PartOut(serializers.Serializer):
    ancla = serializers.CharField()
    lugar = serializers.CharField()
    pagina = serializers.IntegerField(allow_null=True)
    articulo = serializers.CharField()


class ManualDetailOut(ManualOut):
    indexado = serializers.IntegerField(
        min_value=0, max_value=100, help_text="Porcentaje que ya se busca por significado; por palabras, desde antes."
    )
    ediciones = EditionOut(many=True)
    partes = PartOut(many=True)


def _manual(manual: Manual) -> dict[str, Any]:
    return {
        "manual": manual.slug,
        "nombre": manual.name,
        "area": manual.area.code,
        "visibilidad": manual.visibility,
        "url": manual.get_absolute_url(),
    }


def _edition(edition: ManualEdition) -> dict[str, Any]:
    return {
        "edicion": edition.number,
        "estado": edition.state,
        "motivo": edition.fault,
        "archivo": edition.name,
        "sha256": edition.sha256,
        "paginas": edition.pages,
        "partes": edition.parts,
        "creado_en": moment(edition.created_at),
        "retencion": signs_told(holding_signs(edition)),
    }


class ManualsView(APIView):
    ordering = ("name", "id")
    parser_classes = [BoundedMultiPartParser]

    @extend_schema(operation_id="manuales_listar", tags=_TAGS, parameters=PAGING, responses=page_of(ManualOut))
    def get(self, request: Request) -> Response:
        """Manuals that the caller may read."""
        pages = CursorPages()
        rows = pages.paginate_queryset(manuals_visible_to(caller(request).rights), request, self)
        return pages.get_paginated_response([_manual(row) for row in rows])

    @extend_schema(
        operation_id="manuales_subir",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request={"multipart/form-data": ManualIn},
        responses={202: EditionOut},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A new manual; it is read in the background and then found by search."""
        given = body_of(request, ManualIn)
        edition = manual_add(
            actor=caller(request),
            file=given["archivo"],
            area=known_area(given["area"]),
            name=given.get("nombre", ""),
            visibility=given.get("visibilidad") or "area",
        )
        location = request.build_absolute_uri(f"/api/conocimiento/manuales/{edition.manual.slug}")
        return Response(_edition(edition), status=202, headers={"Location": location})


class ManualView(APIView):
    @extend_schema(operation_id="manuales_leer", tags=_TAGS, responses=ManualDetailOut)
    def get(self, request: Request, slug: str) -> Response:
        """One manual with its editions and its contents."""
        rights = caller(request).rights
        manual = manual_get(rights, slug)
        parts = [
            {"ancla": one.anchor, "lugar": one.label, "pagina": one.page, "articulo": one.article.slug}
            for one in parts_of(manual)
        ]
        editions = [_edition(one) for one in editions_of(rights, manual)]
        return Response(
            {**_manual(manual), "indexado": indexed_percent(manual), "ediciones": editions, "partes": parts}
        )

    @extend_schema(
        operation_id="manuales_cambiar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=ManualChangeIn,
        responses=ManualOut,
    )
    @idempotent
    def patch(self, request: Request, slug: str) -> Response:
        """Who may read it."""
        actor = caller(request)
        found = manual_to_change(actor.rights, slug)
        visibility = body_of(request, ManualChangeIn)["visibilidad"]
        return Response(_manual(manual_visibility_set(actor=actor, slug=found.slug, visibility=visibility)))

    @extend_schema(operation_id="manuales_borrar", tags=_TAGS, parameters=[IDEMPOTENCY], responses={204: None})
    @idempotent
    def delete(self, request: Request, slug: str) -> Response:
        """Remove its files and take it out of reading and search."""
        actor = caller(request)
        manual_delete(actor=actor, slug=manual_to_change(actor.rights, slug).slug)
        return Response(status=204)


class EditionsView(APIView):
    parser_classes = [BoundedMultiPartParser]

    @extend_schema(
        operation_id="manuales_edicion",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request={"multipart/form-data": EditionIn},
        responses={202: EditionOut},
    )
    @idempotent
    def post(self, request: Request, slug: str) -> Response:
        """The next edition; the one in use stays until the new one was read."""
        actor = caller(request)
        manual = manual_to_change(actor.rights, slug)
        file = body_of(request, EditionIn)["archivo"]
        return Response(_edition(edition_add(actor=actor, slug=manual.slug, file=file)), status=202)


class EditionReleaseView(APIView):
    @extend_schema(
        operation_id="manuales_liberar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=EditionReleaseIn,
        responses={202: EditionOut},
    )
    @idempotent
    def post(self, request: Request, slug: str, edition: int) -> Response:
        """Let a held edition be published, with the reason; not by who uploaded it, unless an administrator."""
        actor = caller(request)
        manual = manual_to_change(actor.rights, slug)
        reason = body_of(request, EditionReleaseIn)["motivo"]
        released = edition_release(actor=actor, slug=manual.slug, number=edition, reason=reason)
        return Response(_edition(released), status=202)


class ManualFileView(APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="manuales_archivo",
        tags=_TAGS,
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str, edition: int) -> FileResponse:
        """The file of an edition, always as a download."""
        found, content = edition_content(manual_get(caller(request).rights, slug), edition)
        kind = "application/octet-stream"
        return FileResponse(content, as_attachment=True, filename=found.name, content_type=kind, headers=FILE_HEADERS)
