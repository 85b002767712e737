"""What the exports of other help desks call their columns, states and priorities. Pure.

GLPI: the CSV of its search page (Spanish or English headers) and the JSON of `apirest.php/Ticket`; codes as in its
`CommonITILObject`. Zammad: `GET /api/v1/tickets?expand=true` and the CSV of its reports.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import nh3

from incidents.case.choices import Priority, State
from prsystem.core.hidden import shown
from prsystem.core.text.markup import bounded

ALIASES: dict[str, tuple[str, ...]] = {
    "referencia": ("id", "referencia_externa", "referencia", "external_reference", "external_id", "reference", "ticket",
                   "ticket_id", "folio", "numero", "number", "key", "clave"),
    "titulo": ("titulo", "title", "asunto", "subject", "summary", "resumen"),
    "descripcion": ("descripcion", "description", "text", "texto", "body", "cuerpo", "detalle", "details", "problema"),
    "area": ("area", "area_code", "labels.area", "departamento", "department", "categoria", "category"),
    "estado": ("estado", "state", "status"),
    "prioridad": ("prioridad", "priority"),
    "fecha": ("creado_en", "created_at", "fecha", "date", "fecha_de_creacion", "fecha_creacion", "created"),
    "resuelto_en": ("resuelto_en", "resolved_at", "fecha_de_resolucion", "fecha_resolucion", "cerrado_en", "closed_at"),
    "reportado_por": ("reportado_por", "reported_by", "reporter", "solicitante", "requester"),
    "equipo": ("equipo", "asset", "activo", "maquina", "machine", "equipment"),
    "solucion": ("solucion", "solution", "resolucion", "resolution"),
    "causa": ("causa", "cause", "root_cause"),
    "idioma": ("idioma", "lang", "language"),
}  # fmt: skip
_STATES = {
    **dict.fromkeys(("nuevo", "nueva", "new", "abierto", "abierta", "open", "pendiente", "pending"), State.NEW),
    # Nobody here has it in hand yet, so work under way elsewhere starts in the queue.
    **dict.fromkeys(("en_progreso", "en_curso", "in_progress", "en_espera", "waiting", "on_hold"), State.NEW),
    **dict.fromkeys(("resuelto", "resuelta", "resolved", "solved"), State.RESOLVED),
    **dict.fromkeys(("cerrado", "cerrada", "closed", "done", "completed"), State.CLOSED),
}
_PRIORITIES = {
    **dict.fromkeys(("p1", "1", "critica", "crítica", "critical"), Priority.P1),
    **dict.fromkeys(("p2", "2", "alta", "high"), Priority.P2),
    **dict.fromkeys(("p3", "3", "normal", "media", "medium"), Priority.P3),
    **dict.fromkeys(("p4", "4", "baja", "low"), Priority.P4),
}


@dataclass(frozen=True)
class Preset:
    """How to read one system's export. `source` is where the rows are said to come from."""

    source: str = "importacion"
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    is_html: bool = False

    def names(self) -> dict[str, tuple[str, ...]]:
        """Names of columns by field, the system's own first."""
        return {name: (*self.aliases.get(name, ()), *known) for name, known in ALIASES.items()}

    def known_states(self) -> dict[str, str]:
        return {**_STATES, **self.states}

    def known_priorities(self) -> dict[str, str]:
        return {**_PRIORITIES, **self.priorities}

    def text_of(self, raw: str) -> str:
        return text_from_html(raw) if self.is_html else raw


def text_from_html(raw: str) -> str:
    """The text that is seen of HTML, by paragraphs; GLPI's database escapes its HTML once more, which is undone."""
    markup = html.unescape(raw) if "&lt;" in raw and "<" not in raw else raw
    broken = re.sub(r"(?i)<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^>]*>", "\n", shown(markup))
    text = html.unescape(nh3.clean(bounded(broken), tags=set(), clean_content_tags={"script", "style"}))
    lines = (line.strip() for line in text.replace("\xa0", " ").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_GLPI_STATES = {
    **dict.fromkeys(("1", "2", "3", "4"), State.NEW),
    "5": State.RESOLVED,
    "6": State.CLOSED,
    **dict.fromkeys(("en_curso_(asignada)", "en_curso_(asignado)", "en_curso_(planificada)"), State.NEW),
    **dict.fromkeys(("en_curso_(planificado)", "processing_(assigned)", "processing_(planned)"), State.NEW),
}
_GLPI_PRIORITIES = {
    **dict.fromkeys(("6", "5", "mayor", "major", "muy_alta", "very_high"), Priority.P1),
    **dict.fromkeys(("4", "alta", "high"), Priority.P2),
    **dict.fromkeys(("3", "media", "mediana", "medium"), Priority.P3),
    **dict.fromkeys(("2", "1", "baja", "low", "muy_baja", "very_low"), Priority.P4),
}
_ZAMMAD_STATES = {
    **dict.fromkeys(("pending_reminder", "pending_close", "recordatorio_pendiente", "cierre_pendiente"), State.NEW),
    **dict.fromkeys(("merged", "fusionado", "removed"), State.CLOSED),
}
_ZAMMAD_PRIORITIES = {
    **dict.fromkeys(("3_high", "3_alta", "3"), Priority.P2),
    **dict.fromkeys(("2_normal", "2"), Priority.P3),
    **dict.fromkeys(("1_low", "1_baja", "1"), Priority.P4),
}
PRESETS = {
    "": Preset(),
    "glpi": Preset(
        source="glpi",
        aliases={
            "titulo": ("name",),
            "descripcion": ("content",),
            "area": ("itilcategories_id", "itil_category", "categoria_itil"),
            "fecha": ("fecha_de_apertura", "opening_date", "date_creation", "date"),
            "resuelto_en": ("solvedate", "fecha_de_solucion", "fecha_solucion", "resolution_date", "closedate"),
            "reportado_por": ("solicitante_solicitante", "requester_requester", "users_id_recipient"),
            "solucion": ("solucion_solucion", "solution_solution"),
        },
        states=_GLPI_STATES,
        priorities=_GLPI_PRIORITIES,
        is_html=True,
    ),
    "zammad": Preset(
        source="zammad",
        aliases={
            "referencia": ("number",),
            "descripcion": ("article.body", "note"),
            "area": ("group", "grupo"),
            "resuelto_en": ("close_at", "closed_at"),
            "reportado_por": ("customer", "cliente"),
        },
        states=_ZAMMAD_STATES,
        priorities=_ZAMMAD_PRIORITIES,
        is_html=True,
    ),
}
