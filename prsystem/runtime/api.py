"""The site's settings for administrators."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from prsystem.core.api.administering import AdministratorView
from prsystem.core.api.fields import WholeNumber
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, page_of

from .registry import Kind, setting_of
from .selectors import Shown, settings_shown
from .services import setting_reset, setting_set

_TAGS = ["administración"]


@extend_schema_field(OpenApiTypes.ANY)
class AnyValue(serializers.JSONField):
    """What it may be is for the setting to say."""


class SettingIn(serializers.Serializer):
    """`cambio`: the last change that was seen; 409 when there is a newer one."""

    valor = AnyValue()
    cambio = WholeNumber(required=False)


class SettingOut(serializers.Serializer):
    """`cambio` is 0 for one that was never changed."""

    clave = serializers.CharField()
    grupo = serializers.CharField()
    nombre = serializers.CharField()
    ayuda = serializers.CharField()
    tipo = serializers.ChoiceField([kind.value for kind in Kind])
    valor = AnyValue()
    por_defecto = AnyValue()
    cambio = serializers.IntegerField()


def setting_out(shown: Shown) -> dict[str, Any]:
    setting = shown.setting
    return {
        "clave": setting.key,
        "grupo": str(setting.group),
        "nombre": str(setting.label),
        "ayuda": str(setting.help),
        "tipo": setting.kind.value,
        "valor": shown.value,
        "por_defecto": setting.default,
        "cambio": shown.last.pk if shown.last else 0,
    }


def _all() -> list[dict[str, Any]]:
    return [setting_out(shown) for group in settings_shown().values() for shown in group]


def _one(key: str) -> Response:
    return Response(next(row for row in _all() if row["clave"] == setting_of(key).key))


class SettingsView(AdministratorView):
    @extend_schema(operation_id="ajustes_listar", tags=_TAGS, responses=page_of(SettingOut))
    def get(self, request: Request) -> Response:
        """All on one page."""
        return Response({"resultados": _all(), "siguiente": None, "anterior": None})


class SettingView(AdministratorView):
    @extend_schema(operation_id="ajustes_leer", tags=_TAGS, responses=SettingOut)
    def get(self, request: Request, clave: str) -> Response:
        return _one(clave)

    @extend_schema(
        operation_id="ajustes_fijar", tags=_TAGS, parameters=[IDEMPOTENCY], request=SettingIn, responses=SettingOut
    )
    @idempotent
    def put(self, request: Request, clave: str) -> Response:
        given = body_of(request, SettingIn)
        setting_set(actor=caller(request), key=clave, value=given["valor"], seen=given.get("cambio"))
        return _one(clave)

    @extend_schema(operation_id="ajustes_restablecer", tags=_TAGS, parameters=[IDEMPOTENCY], responses=SettingOut)
    @idempotent
    def delete(self, request: Request, clave: str) -> Response:
        """Back to the default."""
        setting_reset(actor=caller(request), key=clave)
        return _one(clave)
