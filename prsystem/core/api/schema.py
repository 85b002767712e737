"""Pieces of the OpenAPI document that every endpoint shares."""

import re
from functools import cache
from typing import Any

from django.urls import Resolver404, resolve
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from prsystem.core.web.step_up import is_grave_door

from .administering import AdministratorView

GRAVE = "Pide haber entrado en los últimos diez minutos (`auth_login`); si no, 403 `step_up_requerido`."
IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Una repetición con la misma clave y el mismo cuerpo recibe la primera respuesta.",
)
PAGING = [
    OpenApiParameter("limite", int, description="De 1 a 100; 25 si falta."),
    OpenApiParameter("cursor", str, description="De los enlaces `siguiente` y `anterior`."),
]
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "codigo", "request_id", "errores"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "codigo": {"type": "string"},
        "request_id": {"type": "string"},
        "errores": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}


@cache
def page_of(item: type[serializers.Serializer]) -> serializers.Serializer:
    """The answer of a list of `item`; one for all lists of the same items, as the document names it once."""
    link = {"allow_null": True}
    return inline_serializer(
        f"Pagina{item.__name__.removesuffix('Out')}",
        {
            "resultados": item(many=True),
            "siguiente": serializers.CharField(**link),
            "anterior": serializers.CharField(**link),
        },
    )


def without_slash_twins(endpoints: list[tuple[Any, ...]], **kwargs: object) -> list[tuple[Any, ...]]:
    """Preprocessing hook: the same address with a final slash isn't told of."""
    return [endpoint for endpoint in endpoints if not endpoint[0].endswith("/")]


def with_problems(result: dict[str, Any], **kwargs: object) -> dict[str, Any]:
    """Postprocessing hook: every operation may answer with a problem document."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problema"] = _PROBLEM
    answer = {
        "description": "Documento de problema (RFC 9457).",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problema"}}},
    }
    for methods in result.get("paths", {}).values():
        for operation in methods.values():
            operation["responses"]["default"] = answer
    return result


def with_step_up(result: dict[str, Any], **kwargs: object) -> dict[str, Any]:
    """Postprocessing hook: grave acts say that they want a sign-in of the last minutes."""
    for path, methods in result.get("paths", {}).items():
        for method in methods.keys() - {"get"}:
            if _is_grave(path):
                methods[method]["description"] = GRAVE
    return result


def _is_grave(path: str) -> bool:
    try:
        match = resolve(re.sub(r"\{\w+\}", "1", path))
    except Resolver404:  # an address with a key of another kind, as none of administrators has
        return False
    view = getattr(match.func, "cls", None)
    return view is not None and issubclass(view, AdministratorView) and is_grave_door(match.url_name or "")
