"""Tables of the console through the API: rules, calendars, targets, nodes, areas, people. Whole sections at a time."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from prsystem.core.api.administering import AdministratorView
from prsystem.core.api.fields import Flag
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, page_of
from prsystem.core.errors import InvalidInput, Missing
from prsystem.core.text.cleaning import has_forbidden_controls

from .config.applying import changes_json, config_apply, config_plan
from .config.sections import Section, sections

_TAGS = ["administración"]
MOST_ITEMS = 5000


class SectionOut(serializers.Serializer):
    """`en_archivo`: also part of the file of `manage.py config`."""

    seccion = serializers.CharField()
    nombre = serializers.CharField()
    columnas = serializers.ListField(child=serializers.CharField())
    en_archivo = serializers.BooleanField()


class ItemsOut(serializers.Serializer):
    seccion = serializers.CharField()
    elementos = serializers.ListField(child=serializers.DictField())


class ItemsIn(serializers.Serializer):
    """What `elementos` leaves out stays unless `podar`; with `ensayo` nothing is written."""

    elementos = serializers.ListField(child=serializers.DictField(), max_length=MOST_ITEMS)
    podar = Flag(required=False)
    ensayo = Flag(required=False)


class ChangeOut(serializers.Serializer):
    """`accion`: created, updated, removed, or extra: not in the body and left alone."""

    seccion = serializers.CharField()
    clave = serializers.CharField()
    accion = serializers.CharField()
    campos = serializers.DictField()


class ChangesOut(serializers.Serializer):
    cambios = ChangeOut(many=True)


def _require_plain(value: Any) -> None:
    """No text that the database can't hold."""
    if isinstance(value, str):
        if has_forbidden_controls(value):
            raise InvalidInput.field("elementos", _("It holds characters that can't be kept."))
    elif isinstance(value, list | dict):
        for inner in [*value, *(value.values() if isinstance(value, dict) else [])]:
            _require_plain(inner)


def _section(code: str) -> Section:
    found = next((section for section in sections() if section.code == code), None)
    if found is None:
        raise Missing()
    return found


class SectionsView(AdministratorView):
    @extend_schema(operation_id="configuracion_listar", tags=_TAGS, responses=page_of(SectionOut))
    def get(self, request: Request) -> Response:
        """All on one page."""
        rows = [
            {
                "seccion": section.code,
                "nombre": str(section.label),
                "columnas": section.columns(),
                "en_archivo": section.in_file,
            }
            for section in sections()
        ]
        return Response({"resultados": rows, "siguiente": None, "anterior": None})


class SectionView(AdministratorView):
    @extend_schema(operation_id="configuracion_leer", tags=_TAGS, responses=ItemsOut)
    def get(self, request: Request, seccion: str) -> Response:
        section = _section(seccion)
        return Response({"seccion": section.code, "elementos": section.export()})

    @extend_schema(
        operation_id="configuracion_fijar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=ItemsIn,
        responses=ChangesOut,
    )
    @idempotent
    def put(self, request: Request, seccion: str) -> Response:
        """Make the section equal to the items, all or nothing; every place that is refused is named."""
        section, given = _section(seccion), body_of(request, ItemsIn)
        _require_plain(given["elementos"])
        act = config_plan if given.get("ensayo") else config_apply
        content: dict[str, Any] = {section.code: given["elementos"]}
        changes = act(actor=caller(request), content=content, prune=given.get("podar", False), among=[section])
        return Response({"cambios": changes_json(changes)})
