"""Sources of a proposal in the API: hidden at one case, shown again, reported for review."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from incidents.case.api import IncidentView
from incidents.case.selectors import incident_get
from prsystem.core.api.acting import act_view
from prsystem.core.api.fields import Text
from prsystem.core.api.requests import caller

from .hiding import source_hide, source_report, source_show

_TAGS = ["sugerencias"]


class SourceIn(serializers.Serializer):
    articulo = Text(max_length=120)


class SourceReportIn(SourceIn):
    motivo = Text(max_length=300)


class SourceReportOut(serializers.Serializer):
    articulo = serializers.CharField()
    avisadas = serializers.IntegerField(help_text="A cuántas personas se pidió la revisión.")


def _incident_id(request: Request, reference: str) -> int:
    return incident_get(caller(request).rights, reference).pk


def _hide(request: Request, given: dict[str, Any], id: str) -> None:  # noqa: A002 -- the address names it so
    source_hide(actor=caller(request), incident_id=_incident_id(request, id), slug=given["articulo"])


def _show(request: Request, given: dict[str, Any], id: str) -> None:  # noqa: A002
    source_show(actor=caller(request), incident_id=_incident_id(request, id), slug=given["articulo"])


def _report(request: Request, given: dict[str, Any], id: str) -> dict[str, Any]:  # noqa: A002
    """Those who look after the article are asked to review it."""
    told = source_report(
        actor=caller(request),
        incident_id=_incident_id(request, id),
        slug=given["articulo"],
        reason=given["motivo"],
    )
    return {"articulo": given["articulo"], "avisadas": told}


HideView = act_view("sugerencia_ocultar_fuente", _hide, tags=_TAGS, body=SourceIn, base=IncidentView)
ShowView = act_view("sugerencia_mostrar_fuente", _show, tags=_TAGS, body=SourceIn, base=IncidentView)
ReportView = act_view(
    "sugerencia_reportar_fuente", _report, tags=_TAGS, body=SourceReportIn, answer=SourceReportOut, base=IncidentView
)
