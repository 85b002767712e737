"""What the API tells of cases that are alike."""

from typing import Any

from prsystem.core.text.cleaning import shorten

from .cases import SimilarIncident
from .duplicates import Likely

SOLUTION_LENGTH = 500


def likely_out(likely: Likely) -> dict[str, Any]:
    incident = likely.incident
    return {
        "id": str(incident.pk),
        "numero": incident.number,
        "titulo": incident.title,
        "area": incident.area.code,
        "estado": incident.state,
        "parecido": round(likely.score, 3),
    }


def similar_out(similar: SimilarIncident) -> dict[str, Any]:
    incident = similar.incident
    return {
        "id": str(incident.pk),
        "numero": incident.number,
        "titulo": incident.title,
        "area": incident.area.code,
        "estado": incident.state,
        "solucion": shorten(incident.solution, SOLUTION_LENGTH),
        "motivo": similar.reason,
    }
