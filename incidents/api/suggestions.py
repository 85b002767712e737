"""The proposal for an incident: read it, ask again, rate it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from knowledge.citing import passage_url
from knowledge.selectors import article_ids_readable
from knowledge.selectors_manuals import document_url_of
from prsystem.core.api.idempotency import idempotent
from prsystem.core.api.requests import body_of, caller
from prsystem.core.api.schema import IDEMPOTENCY
from prsystem.core.context import Actor
from prsystem.core.errors import Missing
from prsystem.core.rights import Rights

from ..models import Citation, Incident, Suggestion
from ..proposal import unsupported_of
from ..selectors import latest_suggestion, suggestion_place, suggestions_waiting
from ..services import suggestion_rate, suggestion_request
from .base import IncidentView
from .serializers import RatingIn, RatingOut, SuggestionOut

_TAGS = ["sugerencias"]
WITHHELD: dict[str, Any] = {
    "estado": Suggestion.State.NO_ANSWER,
    "texto": "",
    "peldaño": Suggestion.Rung.QUEUE,
    "citas": [],
    "confianza": None,
}


def suggestion_out(incident: Incident, suggestion: Suggestion | None, actor: Actor) -> dict[str, Any]:
    """Suggestion of the contract. One that leans on what the viewer may not read (any more) is withheld as a whole:
    its text was made from it."""
    if suggestion is None:
        suggestion = Suggestion(state=Suggestion.State.NO_ANSWER, rung=Suggestion.Rung.QUEUE)
    citations = list(suggestion.citations.all()) if suggestion.pk else []
    base: dict[str, Any] = {
        "estado": suggestion.state,
        "aviso_seguridad": incident.area.safety_notice,
        "texto": suggestion.text,
        "peldaño": suggestion.rung,
        "citas": [],
        "confianza": suggestion.confidence,
        "modelo": suggestion.model,
        "nodo": suggestion.node,
        "duracion_ms": suggestion.duration_ms,
        "sin_sustento": [],
        "lugar_en_fila": (place := suggestion_place(suggestion)),
        "en_fila": suggestions_waiting() if place else None,
    }
    if not _is_readable(citations, actor.rights):
        return {**base, **WITHHELD}
    if not suggestion.is_finished and actor.user_id != suggestion.incident.reporter_id:
        return {**base, "texto": ""}  # its sources, read by the reporter's rights, aren't known yet
    return {
        **base,
        "citas": [_citation(citation) for citation in citations],
        "sin_sustento": unsupported_of(suggestion),
    }


def _is_readable(citations: list[Citation], rights: Rights) -> bool:
    cited = {citation.article_id for citation in citations}
    return not cited or article_ids_readable(rights, cited) == cited


def _citation(citation: Citation) -> dict[str, Any]:
    version, slug = citation.version, citation.article.slug
    texts = {"solution": version.solution, "cause": version.cause, "problem": version.problem}
    return {
        "n": citation.number,
        "articulo": slug,
        "version": version.number,
        "fragmento": citation.fragment,
        "retirada": version.state == version.State.RECALLED,
        "url": passage_url(slug, version.number, texts, citation.fragment),
        "titulo": version.title,
        "documento_url": document_url_of(citation.article, version),
    }


class SuggestionView(IncidentView):
    @extend_schema(operation_id="sugerencia_leer", tags=_TAGS, responses=SuggestionOut)
    def get(self, request: Request, **kwargs: str) -> Response:
        """The newest proposal with its sources."""
        incident = self.incident(request)
        return Response(suggestion_out(incident, latest_suggestion(incident), caller(request)))

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
