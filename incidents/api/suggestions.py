"""The proposal for an incident: read it, ask again, rate it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from knowledge.api.shapes import article_address
from knowledge.selectors import may_read
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY
from prsystem.core.errors import Missing
from prsystem.core.rights import Rights

from ..models import Citation, Suggestion
from ..selectors import latest_suggestion
from ..services import suggestion_rate, suggestion_request
from .base import IncidentView
from .serializers import RatingIn, RatingOut, SuggestionOut

_TAGS = ["sugerencias"]
NO_ANSWER = Suggestion.State.NO_ANSWER


def suggestion_out(suggestion: Suggestion | None, rights: Rights) -> dict[str, Any]:
    """Suggestion of the contract. One that leans on what the viewer may not read (any more) is withheld as a whole:
    its text was made from it."""
    if suggestion is None:
        suggestion = Suggestion(state=NO_ANSWER, rung=Suggestion.Rung.QUEUE)
    citations = list(suggestion.citations.all()) if suggestion.pk else []
    is_withheld = not all(may_read(rights, citation.article) for citation in citations)
    return {
        "estado": NO_ANSWER if is_withheld else suggestion.state,
        "texto": "" if is_withheld else suggestion.text,
        "peldaño": Suggestion.Rung.QUEUE if is_withheld else suggestion.rung,
        "citas": [] if is_withheld else [_citation(citation) for citation in citations],
        "confianza": None if is_withheld else suggestion.confidence,
        "modelo": suggestion.model,
        "nodo": suggestion.node,
        "duracion_ms": suggestion.duration_ms,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.number,
        "articulo": citation.article.slug,
        "version": citation.version.number,
        "fragmento": citation.fragment,
        "url": article_address(citation.article.slug),
    }


class SuggestionView(IncidentView):
    @extend_schema(operation_id="sugerencia_leer", tags=_TAGS, responses=SuggestionOut)
    def get(self, request: Request, **kwargs: str) -> Response:
        """The newest proposal with its sources."""
        return Response(suggestion_out(latest_suggestion(self.incident(request)), caller(request).rights))

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
        actor = caller(request)
        suggestion = suggestion_request(actor=actor, incident_id=self.incident(request).pk)
        return Response(suggestion_out(suggestion, actor.rights), status=202)


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
        suggestion, given = latest_suggestion(self.incident(request)), body_of(request, RatingIn)
        if suggestion is None:
            raise Missing()
        rating = suggestion_rate(
            actor=caller(request),
            user=request.user,
            suggestion=suggestion,
            was_helpful=given["util"],
            comment=given.get("comentario", ""),
            citation_number=given.get("cita"),
        )
        return Response({"util": rating.was_helpful, "comentario": rating.comment, "cita": given.get("cita")})
