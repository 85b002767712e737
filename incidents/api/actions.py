"""One action on many incidents: POST `/api/incidencias/acciones`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from incidents.case.numbers import incident_id_from
from incidents.case.selectors import incidents_visible_to
from incidents.moves.bulk import MAX_AT_ONCE, Outcome, incidents_act, too_many
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput

from .filters import incidents_asked_for
from .serializers import ActionIn, ActionOut


class ActionsView(APIView):
    @extend_schema(
        operation_id="incidencias_acciones",
        tags=["incidencias"],
        parameters=[IDEMPOTENCY],
        request=ActionIn,
        responses=ActionOut,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """What became of each, in the order of their ids; 400 when there are more than 500."""
        actor, given = caller(request), body_of(request, ActionIn)
        rows = incidents_act(
            actor=actor,
            user=request.user,
            incident_ids=_ids(actor, given),
            action=given["accion"],
            data=given.get("datos", {}),
        )
        done = sum(row.is_done for row in rows)
        body = {"accion": given["accion"], "hechas": done, "rechazadas": len(rows) - done}
        return Response({**body, "resultados": [_row_out(row) for row in rows]})


def _ids(actor: Actor, given: dict[str, Any]) -> list[int]:
    if ("ids" in given) == ("filtro" in given):
        raise InvalidInput.field("ids", _("Give either «ids» or «filtro»."))
    if "ids" in given:
        return [_id(reference) for reference in given["ids"]]
    found = incidents_asked_for(incidents_visible_to(actor.rights), given["filtro"], actor)
    ids = list(found.order_by("pk").values_list("pk", flat=True)[: MAX_AT_ONCE + 1])
    if len(ids) > MAX_AT_ONCE:
        raise too_many(found.count())
    return ids


def _id(reference: str) -> int:
    found = incident_id_from(reference)
    if found is None:
        raise InvalidInput.field("ids", _("Not a number of an incident: %(value)s.") % {"value": reference})
    return found


def _row_out(row: Outcome) -> dict[str, str]:
    return {
        "id": str(row.incident_id),
        "numero": row.number,
        "resultado": "hecha" if row.is_done else "rechazada",
        "codigo": row.code,
        "motivo": row.reason,
    }
