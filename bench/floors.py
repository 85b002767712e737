"""What the same work costs at the least: no middleware, no sign-in, no rights, served like the product."""

from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import escape
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audit.models import AuditEntry
from incidents.models import Incident
from prsystem.core.models import OutboxEvent

PAGE = """
SELECT i.id, i.title, i.state, i.level, i.priority, a.code, u.full_name, i.resolution_due_at, i.updated_at
FROM incidents_incident i JOIN accounts_area a ON a.id = i.area_id LEFT JOIN accounts_user u ON u.id = i.assignee_id
ORDER BY i.id DESC LIMIT 50
"""
ONE = """
SELECT i.id, i.title, i.description, i.state, i.level, i.priority, a.code, i.reporter_label, i.created_at
FROM incidents_incident i JOIN accounts_area a ON a.id = i.area_id WHERE i.id = %s
"""


class ReportFields(serializers.Serializer):
    titulo = serializers.CharField(max_length=200)
    descripcion = serializers.CharField()
    area_id = serializers.IntegerField()


class ReportFloor(APIView):
    """Three inserts through the ORM behind DRF: the row, its audit entry, its outbox row."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    def post(self, request: Request) -> Response:
        given = ReportFields(data=request.data)
        given.is_valid(raise_exception=True)
        values, now = given.validated_data, timezone.now()
        with transaction.atomic():
            incident = Incident.objects.create(
                title=values["titulo"],
                description=values["descripcion"],
                area_id=values["area_id"],
                reporter_label="piso",
                created_at=now,
                updated_at=now,
                level_since=now,
            )
            resource = f"incidencia:{incident.pk}"
            AuditEntry.objects.create(
                actor_kind="user", actor="piso", accion="incident.reported", recurso=resource, detalles={}
            )
            OutboxEvent.objects.create(event="incidencia.creada", resource=resource, payload={"id": incident.pk})
        return Response({"id": incident.pk, "titulo": incident.title, "estado": incident.state}, status=201)


def list_floor(request: HttpRequest) -> HttpResponse:
    """One cursor and joined strings."""
    with connection.cursor() as cursor:
        cursor.execute(PAGE)
        rows = cursor.fetchall()
    return HttpResponse("<table>" + "".join(_row_html(row) for row in rows) + "</table>")


def _row_html(row: tuple[Any, ...]) -> str:
    return "<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row) + "</tr>\n"


def detail_floor(request: HttpRequest, incident_id: int) -> HttpResponse:
    """One row of one query."""
    with connection.cursor() as cursor:
        cursor.execute(ONE, [incident_id])
        row = cursor.fetchone()
    return HttpResponse(_row_html(row), status=200 if row else 404)


urlpatterns = [
    path("reporte", ReportFloor.as_view()),
    path("lista", list_floor),
    path("detalle/<int:incident_id>", detail_floor),
]
