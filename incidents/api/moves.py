"""The moves of an incident: POST `/api/incidencias/{id}/<move>`. One table: name, body, service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from incidents.case.api import IncidentView
from incidents.case.models import Incident
from incidents.case.selectors import incident_get
from incidents.case.serializers import IncidentOut, VersionIn
from incidents.case.shapes import incident_out
from incidents.moves.lifecycle import (
    incident_assign,
    incident_claim,
    incident_escalate,
    incident_release,
    incident_reopen,
    incident_resume,
    incident_wait,
)
from incidents.moves.resolving import Resolution, incident_close, incident_resolve
from incidents.relations.merging import incident_merge, incidents_merge, merge_undo
from incidents.similar.cases import twins_of_incident
from knowledge.api.shapes import twin_out
from prsystem.accounts.models import User
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import address, body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY, page_of
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput

from .serializers import AssignIn, CloseIn, EscalateIn, MergeIn, ReasonIn, ResolvedOut, ResolveIn


@dataclass(frozen=True)
class Call:
    """Who moves which incident, with which checked body."""

    actor: Actor
    user: User
    incident_id: int
    body: dict[str, Any]

    @property
    def common(self) -> dict[str, Any]:
        return {"actor": self.actor, "incident_id": self.incident_id, "version": self.body.get("version")}


def _claim(call: Call) -> Incident:
    return incident_claim(actor=call.actor, user=call.user, incident_id=call.incident_id)


def _assign(call: Call) -> Incident:
    return incident_assign(**call.common, username=call.body["asignado_a"])


def _release(call: Call) -> Incident:
    return incident_release(**call.common)


def _escalate(call: Call) -> Incident:
    return incident_escalate(**call.common, reason=call.body["motivo"], level=call.body.get("nivel"))


def _wait(call: Call) -> Incident:
    return incident_wait(**call.common, reason=call.body["motivo"])


def _resume(call: Call) -> Incident:
    return incident_resume(**call.common)


def _close(call: Call) -> Incident:
    return incident_close(**call.common, children=call.body.get("hijas"))


def _reopen(call: Call) -> Incident:
    return incident_reopen(**call.common, reason=call.body["motivo"])


def _merge(call: Call) -> Incident:
    """This one into `en`, or every one of `incidencias` into this: the answer is the incident of the address."""
    if ("en" in call.body) == ("incidencias" in call.body):
        raise InvalidInput.field("en", _("Give either «en» or «incidencias»."))
    if "en" in call.body:
        return incident_merge(**call.common, into=incident_get(call.actor.rights, call.body["en"]))
    ids = [incident_get(call.actor.rights, number).pk for number in dict.fromkeys(call.body["incidencias"])]
    versions = {call.incident_id: call.body["version"]} if "version" in call.body else {}
    incidents_merge(actor=call.actor, incident_ids=ids, into_id=call.incident_id, versions=versions)
    return incident_get(call.actor.rights, str(call.incident_id))


MOVES: list[tuple[str, type[Serializer], Callable[[Call], Incident]]] = [
    ("tomar", VersionIn, _claim),
    ("asignar", AssignIn, _assign),
    ("soltar", VersionIn, _release),
    ("escalar", EscalateIn, _escalate),
    ("esperar", ReasonIn, _wait),
    ("reanudar", VersionIn, _resume),
    ("cerrar", CloseIn, _close),
    ("reabrir", ReasonIn, _reopen),
    ("fusionar", MergeIn, _merge),
]


class MoveView(IncidentView):
    """Base of the moves; a subclass names its body and its service."""

    body: type[Serializer] = VersionIn

    def call(self, request: Request) -> Call:
        return Call(caller(request), request.user, self.incident(request).pk, body_of(request, self.body))


def _move_view(name: str, body_class: type[Serializer], act: Callable[[Call], Incident]) -> type[MoveView]:
    class View(MoveView):
        body = body_class

        @extend_schema(
            operation_id=f"incidencias_{name}",
            tags=["incidencias"],
            parameters=[IDEMPOTENCY],
            request=body_class,
            responses=IncidentOut,
        )
        @idempotent
        def post(self, request: Request, **kwargs: str) -> Response:
            call = self.call(request)
            return Response(incident_out(act(call), call.actor))

    View.__name__ = f"{name.capitalize()}View"
    return View


class ResolveView(MoveView):
    body = ResolveIn

    @extend_schema(
        operation_id="incidencias_resolver",
        tags=["incidencias"],
        parameters=[IDEMPOTENCY],
        request=ResolveIn,
        responses=ResolvedOut,
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Resolve it; the solution becomes the next version of an article. A new article names its possible twins."""
        call = self.call(request)
        twins = [] if call.body.get("articulo") else twins_of_incident(call.actor.rights, self.incident(request))
        resolution = Resolution(
            solution=call.body["solucion"],
            cause=call.body.get("causa", ""),
            article=call.body.get("articulo") or None,
            publish=call.body.get("publicar", False),
            children=call.body.get("hijas"),
        )
        incident, learned = incident_resolve(**call.common, resolution=resolution)
        knowledge: dict[str, Any] = {
            "articulo": learned.article.slug,
            "version": learned.number,
            "estado": learned.state,
        }
        if twins:
            knowledge["gemelos"] = [twin_out(twin) for twin in twins]
        return Response({"incidencia": incident_out(incident, call.actor), "conocimiento": knowledge})


class UndoMergeView(IncidentView):
    @extend_schema(
        operation_id="incidencias_deshacer_fusion",
        tags=["incidencias"],
        parameters=[IDEMPOTENCY],
        request=None,
        responses=page_of(IncidentOut),
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Undo a merge of the last ten minutes; those that are open again."""
        actor = caller(request)
        undone = merge_undo(actor=actor, incident_id=self.incident(request).pk)
        rows = [incident_out(incident, actor) for incident in undone]
        return Response({"resultados": rows, "siguiente": None, "anterior": None})


def move_addresses() -> list[URLPattern]:
    views = {name: _move_view(name, body, act) for name, body, act in MOVES} | {"resolver": ResolveView}
    views["deshacer-fusion"] = UndoMergeView
    return [
        pattern
        for name, view in views.items()
        for pattern in address(f"incidencias/<str:id>/{name}", view.as_view(), f"api_incident_{name}")
    ]
