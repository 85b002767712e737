"""Incidents for assistants through MCP: what the external API shows to the same key."""

from typing import Annotated, Any, Literal

from pydantic import Field

from incidents.case.selectors import incident_of_areas, incidents_filtered, incidents_of_areas
from integrations.mcp.registry import Caller

from .external_api import external_incident_out, external_summary_out
from .receiving import Reception, incident_receive
from .reporting import DESCRIPTION_LENGTH, REFERENCE_LENGTH, TITLE_LENGTH, Report

SOURCE = "mcp"
_State = Literal["nuevo", "en_progreso", "en_espera", "resuelto", "cerrado"]


def listar_incidencias(
    caller: Caller,
    estado: _State | None = None,
    area: Annotated[str, Field(max_length=20, description="Código del área")] = "",
    texto: Annotated[str, Field(max_length=200, description="Palabras del título o la descripción")] = "",
    limite: Annotated[int, Field(ge=1, le=50)] = 20,
) -> dict[str, Any]:
    """Lista incidencias de las áreas de la clave, las más nuevas primero."""
    given = {"estado": estado or "", "area": area, "q": texto}
    found = incidents_filtered(incidents_of_areas(caller.actor.rights), given)[:limite]
    return {"resultados": [external_summary_out(caller.site, incident) for incident in found]}


def leer_incidencia(
    caller: Caller, numero: Annotated[str, Field(max_length=20, description="Número (INC-000123) o id")]
) -> dict[str, Any]:
    """Lee una incidencia: estado, nivel, prioridad, solución y causa."""
    incident = incident_of_areas(caller.actor.rights, numero)
    return {"descripcion": incident.description, **external_incident_out(caller.site, incident)}


def reportar_incidencia(
    caller: Caller,
    titulo: Annotated[str, Field(min_length=1, max_length=TITLE_LENGTH)],
    descripcion: Annotated[str, Field(min_length=1, max_length=DESCRIPTION_LENGTH)],
    area: Annotated[str, Field(min_length=1, max_length=20, description="Código del área")],
    prioridad: Literal["P1", "P2", "P3", "P4"] | None = None,
    referencia_externa: Annotated[str, Field(max_length=REFERENCE_LENGTH, description="La misma no se repite")] = "",
) -> dict[str, Any]:
    """Reporta una incidencia nueva. Si una igual sigue abierta, suma a su contador."""
    report = Report(
        title=titulo,
        description=descripcion,
        area=area,
        priority=prioridad,
        source=SOURCE,
        external_reference=referencia_externa,
    )
    received = incident_receive(actor=caller.actor, report=report)
    is_new = received.reception == Reception.NEW
    return {**external_summary_out(caller.site, received.incident), "nueva": is_new}
