"""What assistants look up in knowledge through MCP."""

from typing import Annotated, Any

from pydantic import Field

from integrations.mcp.registry import Caller

from ..services.search import QUERY_LENGTH, knowledge_search
from .serializers import MAX_HITS
from .shapes import hit_out


def buscar_conocimiento(
    caller: Caller,
    consulta: Annotated[str, Field(min_length=1, max_length=QUERY_LENGTH, description="Qué pasa")],
    limite: Annotated[int, Field(ge=1, le=MAX_HITS)] = 5,
) -> dict[str, Any]:
    """Busca soluciones publicadas. Cada resultado trae artículo, versión y el pasaje exacto para citarlo."""
    result = knowledge_search(rights=caller.actor.rights, text=consulta, limit=limite)
    return {"resultados": [hit_out(hit) for hit in result.hits], "modo": result.mode, "tambien": result.also}
