"""API keys for administrators. A key is told once, when it is made or rotated."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from prsystem.accounts.selectors import area_by_code, user_by_username
from prsystem.core.api.administering import AdministratorView
from prsystem.core.api.fields import Text, WholeNumber
from prsystem.core.api.idempotency import idempotent, idempotent_hiding
from prsystem.core.api.pagination import CursorPages
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, PAGING, page_of
from prsystem.core.errors import InvalidInput

from ..api_keys.models import ApiKey, Scope
from ..api_keys.selectors import api_key_by_prefix
from ..api_keys.services import (
    KeySpec,
    api_key_create,
    api_key_revoke,
    api_key_rotate,
    api_key_update,
    spec_of,
)

_TAGS = ["administración"]
_WORDS = {"networks": "redes", "rate_per_minute": "por_minuto", "expires_at": "vence"}  # of the API for fields


class KeyIn(serializers.Serializer):
    """Without `redes` it may come from anywhere; `vence` null: until it is revoked."""

    nombre = Text(max_length=60)
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.values), max_length=10)
    areas = serializers.ListField(child=Text(max_length=12), required=False, max_length=500)
    redes = serializers.ListField(child=Text(max_length=50), required=False, max_length=100)
    por_minuto = WholeNumber(required=False)
    responsable = Text(required=False, allow_null=True, max_length=150)
    vence = serializers.DateTimeField(required=False, allow_null=True)


class KeyChange(KeyIn):
    nombre = Text(required=False, max_length=60)
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.values), required=False, max_length=10)


class RotateIn(serializers.Serializer):
    """How many days the old secret stays valid; 7 if it is missing."""

    dias = WholeNumber(required=False, max_value=90)


class KeyOut(serializers.Serializer):
    prefijo = serializers.CharField()
    nombre = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    areas = serializers.ListField(child=serializers.CharField())
    redes = serializers.ListField(child=serializers.CharField())
    por_minuto = serializers.IntegerField()
    responsable = serializers.CharField(allow_null=True)
    vence = serializers.DateTimeField(allow_null=True)
    creada_en = serializers.DateTimeField()
    usada_en = serializers.DateTimeField(allow_null=True)
    revocada_en = serializers.DateTimeField(allow_null=True)


class KeyMadeOut(KeyOut):
    """`clave` is null when a repetition is answered."""

    clave = serializers.CharField(allow_null=True)


def key_out(key: ApiKey) -> dict[str, Any]:
    return {
        "prefijo": key.prefix,
        "nombre": key.name,
        "scopes": list(key.scopes),
        "areas": sorted(area.code for area in key.areas.all()),
        "redes": list(key.networks),
        "por_minuto": key.rate_per_minute,
        "responsable": key.owner.username if key.owner else None,
        "vence": key.expires_at,
        "creada_en": key.created_at,
        "usada_en": key.last_used_at,
        "revocada_en": key.revoked_at,
    }


def _spec(given: dict[str, Any], base: KeySpec) -> KeySpec:
    """What was given over what there was."""
    areas, owner = base.areas, base.owner
    if "areas" in given:
        areas = [_known("areas", area_by_code(code)) for code in given["areas"]]
    if "responsable" in given:
        name = given["responsable"]
        owner = _known("responsable", user_by_username(name)) if name else None
    return KeySpec(
        name=given.get("nombre", base.name),
        scopes=given.get("scopes", base.scopes),
        areas=areas,
        networks=given.get("redes", base.networks),
        rate_per_minute=given.get("por_minuto", base.rate_per_minute),
        owner=owner,
        expires_at=given.get("vence", base.expires_at),
    )


@contextmanager
def _named() -> Iterator[None]:
    """Errors name fields as the API does."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(errors={_WORDS.get(name, name): found for name, found in error.errors.items()}) from error


def _known(field: str, found: Any) -> Any:
    if found is None:
        raise InvalidInput.field(field, _("Not known here."))
    return found


class KeysView(AdministratorView):
    @extend_schema(operation_id="claves_listar", tags=_TAGS, parameters=PAGING, responses=page_of(KeyOut))
    def get(self, request: Request) -> Response:
        """Newest first, without secrets."""
        pages, rows = CursorPages(), ApiKey.objects.select_related("owner").prefetch_related("areas")
        return pages.get_paginated_response([key_out(row) for row in pages.paginate_queryset(rows, request, self)])

    @extend_schema(
        operation_id="claves_crear", tags=_TAGS, parameters=[IDEMPOTENCY], request=KeyIn, responses={201: KeyMadeOut}
    )
    @idempotent_hiding("clave")
    def post(self, request: Request) -> Response:
        spec = _spec(body_of(request, KeyIn), KeySpec(name="", scopes=[]))
        with _named():
            made = api_key_create(actor=caller(request), spec=spec)
        return Response({**key_out(made.api_key), "clave": made.text}, status=201)


class KeyView(AdministratorView):
    @extend_schema(operation_id="claves_leer", tags=_TAGS, responses=KeyOut)
    def get(self, request: Request, prefijo: str) -> Response:
        return Response(key_out(api_key_by_prefix(prefijo)))

    @extend_schema(
        operation_id="claves_cambiar", tags=_TAGS, parameters=[IDEMPOTENCY], request=KeyChange, responses=KeyOut
    )
    @idempotent
    def patch(self, request: Request, prefijo: str) -> Response:
        """Its secret stays."""
        key = api_key_by_prefix(prefijo)
        spec = _spec(body_of(request, KeyChange), spec_of(key))
        with _named():
            key = api_key_update(actor=caller(request), api_key_id=key.pk, spec=spec)
        return Response(key_out(key))


class KeyRotateView(AdministratorView):
    @extend_schema(
        operation_id="claves_rotar", tags=_TAGS, parameters=[IDEMPOTENCY], request=RotateIn, responses=KeyMadeOut
    )
    @idempotent_hiding("clave")
    def post(self, request: Request, prefijo: str) -> Response:
        key, given = api_key_by_prefix(prefijo), body_of(request, RotateIn)
        overlap = timedelta(days=given.get("dias", 7))
        made = api_key_rotate(actor=caller(request), api_key_id=key.pk, overlap=overlap)
        return Response({**key_out(made.api_key), "clave": made.text})


class KeyRevokeView(AdministratorView):
    @extend_schema(operation_id="claves_revocar", tags=_TAGS, parameters=[IDEMPOTENCY], request=None, responses=KeyOut)
    @idempotent
    def post(self, request: Request, prefijo: str) -> Response:
        """For good, at once."""
        key = api_key_by_prefix(prefijo)
        return Response(key_out(api_key_revoke(actor=caller(request), api_key_id=key.pk)))
