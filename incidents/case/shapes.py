"""What the API tells of a case, by the contract's names. Plain functions: lists are hot."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from prsystem.core.context import Actor

from .emergency import guidance_for
from .models import Attachment, Comment, Incident
from .numbers import incident_number
from .risk import incident_risk
from .states import MOVES, permitted_moves


def moment(value: datetime | None) -> str | None:
    """ISO 8601 with the site's offset."""
    return timezone.localtime(value).isoformat() if value else None


def incident_out(incident: Incident, actor: Actor, now: datetime | None = None) -> dict[str, Any]:
    """Incident of the contract. Needs `area`, `reporter` and `assignee` to be loaded."""
    return {
        "id": str(incident.pk),
        "numero": incident.number,
        "titulo": incident.title,
        "descripcion": incident.description,
        "area": incident.area.code,
        "estado": incident.state,
        "nivel": incident.level,
        "prioridad": incident.priority,
        "impacto": incident.impact,
        "urgencia": incident.urgency,
        "origen": incident.source,
        "referencia_externa": incident.external_reference,
        "reportado_por": incident.reporter.username if incident.reporter else incident.reporter_label,
        "asignado_a": incident.assignee.username if incident.assignee else None,
        "creado_en": moment(incident.created_at),
        "actualizado_en": moment(incident.updated_at),
        "sla": _targets(incident, now or timezone.now()),
        "solucion": incident.solution,
        "causa": incident.cause,
        "motivo_espera": incident.waiting_reason,
        "fusionada_en": incident_number(incident.merged_into_id) if incident.merged_into_id else None,
        "emergencia": emergency_out(incident),
        "acciones": moves_of(incident, actor),
        "version": incident.version,
    }


def emergency_out(incident: Incident) -> dict[str, Any]:
    """`indicaciones` is what the site wants done; empty while there is no danger."""
    is_active = incident.is_emergency
    told = guidance_for(incident).in_one if is_active else ""
    return {"activa": is_active, "motivo": incident.emergency_reason, "indicaciones": told}


def _targets(incident: Incident, now: datetime) -> dict[str, Any]:
    return {
        "respuesta_vence_en": moment(incident.response_due_at),
        "resolucion_vence_en": moment(incident.resolution_due_at),
        "pausado": incident.waiting_since is not None,
        "riesgo": incident_risk(incident, now),
    }


def moves_of(incident: Incident, actor: Actor) -> list[str]:
    """Those that the caller may make now and that have an address of their own."""
    return [move for move in permitted_moves(incident, actor) if move in MOVES]


def comment_out(comment: Comment) -> dict[str, Any]:
    return {
        "id": str(comment.pk),
        "autor": comment.author_label,
        "incidencia": incident_number(comment.incident_id),
        "cuerpo": comment.body,
        "interno": comment.is_internal,
        "creado_en": moment(comment.created_at),
    }


def attachment_out(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": str(attachment.pk),
        "nombre": attachment.name,
        "tipo": attachment.content_type,
        "bytes": attachment.size,
        "sha256": attachment.sha256,
        "interno": attachment.is_internal,
        "revision": attachment.scan,
        "subido_por": attachment.uploaded_by.username if attachment.uploaded_by else None,
        "creado_en": moment(attachment.created_at),
        "url": f"/api/incidencias/{attachment.incident_id}/adjuntos/{attachment.pk}",
    }
