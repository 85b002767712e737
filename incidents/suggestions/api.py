"""The proposal for an incident: read it, ask again, rate it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.case.api import IncidentView
from incidents.case.models import Incident
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY
from prsystem.core.context import Actor
from prsystem.core.errors import Missing

from .hidden import NotProposed, hidden_sources
from .models import Suggestion
from .proposal import Cited, CitedArticle, Proposal, proposal_of, require_readable, suggestion_for
from .serializers import RatingIn, RatingOut, SuggestionOut
from .services import suggestion_rate, suggestion_request

_TAGS = ["sugerencias"]


def suggestion_out(incident: Incident, suggestion: Suggestion | None, actor: Actor) -> dict[str, Any]:
    """Suggestion of the contract, as far as the caller may read it."""
    proposal = proposal_of(suggestion, actor.rights) or Proposal()
    return {
        "estado": proposal.state,
        "aviso_seguridad": incident.area.safety_notice,
        "texto": proposal.text,
        "peldaño": proposal.rung,
        "citas": [_citation(cited) for cited in proposal.citations],
        "fuentes": [_source(source) for source in proposal.sources],
        "confianza": proposal.confidence,
        "modelo": proposal.model,
        "nodo": proposal.node,
        "duracion_ms": proposal.duration_ms,
        "sin_sustento": proposal.unsupported,
        "sin_modelo": proposal.no_model,
        "lugar_en_fila": proposal.line.place if proposal.line else None,
        "en_fila": proposal.line.length if proposal.line else None,
        "no_propuestas": [_not_proposed(one) for one in proposal.not_proposed],
        "ocultas": [hidden.article.slug for hidden in hidden_sources(incident, actor.rights)],
    }


def _not_proposed(one: NotProposed) -> dict[str, Any]:
    return {
        "articulo": one.article.slug,
        "titulo": one.title,
        "motivo": one.why,
        "url": one.article.get_absolute_url(),
    }


def _source(source: CitedArticle) -> dict[str, Any]:
    return {
        "articulo": source.first.slug,
        "version": source.first.version,
        "titulo": source.first.title,
        "pasajes": [{"n": one.number, "parte": one.kind, "fragmento": one.fragment} for one in source.passages],
    }


def _citation(cited: Cited) -> dict[str, Any]:
    return {
        "n": cited.number,
        "articulo": cited.slug,
        "version": cited.version,
        "fragmento": cited.fragment,
        "retirada": cited.is_recalled,
        "url": cited.url,
        "titulo": cited.title,
        "documento_url": cited.document_url,
    }


class SuggestionView(IncidentView):
    @extend_schema(operation_id="sugerencia_leer", tags=_TAGS, responses=SuggestionOut)
    def get(self, request: Request, **kwargs: str) -> Response:
        """The newest proposal with its sources."""
        incident, actor = self.incident(request), caller(request)
        return Response(suggestion_out(incident, suggestion_for(incident, actor.rights), actor))

    @extend_schema(
        operation_id="sugerencia_pedir",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=None,
        responses={202: SuggestionOut},
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Ask for another proposal; it is made in the background."""
        actor, incident = caller(request), self.incident(request)
        suggestion = suggestion_request(actor=actor, incident_id=incident.pk)
        return Response(suggestion_out(incident, suggestion, actor), status=202)


class RatingView(IncidentView):
    @extend_schema(
        operation_id="sugerencia_valorar",
        tags=_TAGS,
        parameters=[IDEMPOTENCY],
        request=RatingIn,
        responses=RatingOut,
    )
    @idempotent
    def post(self, request: Request, **kwargs: str) -> Response:
        """Say whether the proposal, or one of its sources by number, was of use. The last word counts."""
        actor, given = caller(request), body_of(request, RatingIn)
        suggestion = suggestion_for(self.incident(request), actor.rights)
        if suggestion is None:
            raise Missing()
        require_readable(suggestion, actor.rights)
        rating = suggestion_rate(
            actor=actor,
            user=request.user,
            suggestion=suggestion,
            was_helpful=given["util"],
            comment=given.get("comentario", ""),
            citation_number=given.get("cita"),
        )
        return Response({"util": rating.was_helpful, "comentario": rating.comment, "cita": given.get("cita")})
