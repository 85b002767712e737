"""Probes: the process lives, it may receive traffic, and how everything is for administrators."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from prsystem.core.errors import NotAllowed
from prsystem.core.health.checks import ERROR, NAMES, is_ready, states

from .requests import caller

_TAGS = ["salud"]
_STATUS = inline_serializer("Salud", {"status": serializers.CharField()})
_CHECK = inline_serializer("Comprobacion", {"status": serializers.ChoiceField(["ok", "error", "off"])})
_DETAILED = inline_serializer(
    "SaludDetallada",
    {
        "status": serializers.ChoiceField(["healthy", "degraded"]),
        "checks": inline_serializer("Comprobaciones", dict.fromkeys(NAMES, _CHECK)),
        "timestamp": serializers.DateTimeField(),
    },
)


class ProbeView(APIView):
    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]


class HealthView(ProbeView):
    @extend_schema(operation_id="salud", tags=_TAGS, responses=_STATUS)
    def get(self, request: Request) -> Response:
        """The process lives; nothing else is looked at."""
        return _fresh({"status": "ok"})


class ReadyView(ProbeView):
    @extend_schema(operation_id="salud_lista", tags=_TAGS, responses={200: _STATUS, 503: _STATUS})
    def get(self, request: Request) -> Response:
        """200 when traffic may come, 503 otherwise."""
        ready = is_ready()
        return _fresh({"status": "ok" if ready else "error"}, 200 if ready else 503)


class DetailedHealthView(APIView):
    @extend_schema(operation_id="salud_detallada", tags=_TAGS, responses=_DETAILED)
    def get(self, request: Request) -> Response:
        """How every part is, for administrators; no texts of errors."""
        if not self.may_read():
            raise NotAllowed()
        found = states()
        body = {
            "status": "degraded" if ERROR in found.values() else "healthy",
            "checks": {name: {"status": state} for name, state in found.items()},
            "timestamp": timezone.localtime().isoformat(),
        }
        return _fresh(body)

    def may_read(self) -> bool:
        return caller(self.request).rights.is_admin


def _fresh(body: dict[str, Any], status: int = 200) -> Response:
    return Response(body, status=status, headers={"Cache-Control": "no-store"})
