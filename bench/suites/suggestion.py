"""From the 201 of a report to its suggestion, with the local model alone: extractive answers."""

import http.client
import json
import time
from typing import Any

from prsystem.runner.endpoints import LOOPBACK

from ..figures import Figure, percentile
from ..people import token_headers
from ..servers import Bench
from .indexed import knowledge_indexed
from .report import forget_jobs

SUITE = "Sugerencia"
TARGET_SECONDS = 3
POLL_SECONDS = 0.05
LIMIT_SECONDS = 60.0
ANSWERED, FINISHED = "lista", {"lista", "sin_respuesta", "fallida"}
REPORTS = (
    ("La prensa 3 no sube presión", "La prensa hidráulica no llega a la presión pedida y la bomba hace ruido."),
    ("La etiquetadora imprime borroso", "La impresora de etiquetas saca el código de barras borroso y no se lee."),
    ("No entra a la red inalámbrica", "La terminal del montacargas pierde la red inalámbrica en el pasillo cuatro."),
    ("La banda transportadora se patina", "La banda de empaque se patina al arrancar con carga y se detiene."),
    ("Piezas fuera de medida", "El calibrador de la celda mide fuera de tolerancia desde el cambio de turno."),
    ("El compresor se dispara", "El compresor de aire se apaga por temperatura después de media hora."),
)


def run(bench: Bench) -> list[Figure]:
    bench.models()
    forget_jobs()
    knowledge_indexed()
    headers = {"Content-Type": "application/json", **token_headers("ana")}
    with bench.worker():
        timed(bench, headers, *REPORTS[0])  # the worker's processes load what they need
        timed(bench, headers, *REPORTS[1])
        results = [timed(bench, headers, title, description) for title, description in REPORTS]
    times = [seconds for seconds, _state in results]
    answered = sum(state == ANSWERED for _seconds, state in results)
    return [
        Figure(SUITE, "del 201 a la sugerencia: p50", percentile(times, 0.5), "s", target=TARGET_SECONDS),
        Figure(SUITE, "del 201 a la sugerencia: el más lento", max(times), "s", target=TARGET_SECONDS),
        Figure(SUITE, f"con respuesta citada, de {len(results)}", answered, ""),
    ]


def timed(bench: Bench, headers: dict[str, str], title: str, description: str) -> tuple[float, str]:
    """Seconds from the answer to the report until its suggestion is finished, and the suggestion's state."""
    connection = http.client.HTTPConnection(LOOPBACK, bench.web.port, timeout=LIMIT_SECONDS)
    body = json.dumps({"titulo": title, "descripcion": description, "area": "PROD"})
    try:
        incident_id = _json(connection, "POST", "/api/incidencias", headers, body)["id"]
        began = time.perf_counter()
        while time.perf_counter() - began < LIMIT_SECONDS:
            state = _json(connection, "GET", f"/api/incidencias/{incident_id}/sugerencia", headers)["estado"]
            if state in FINISHED:
                return time.perf_counter() - began, state
            time.sleep(POLL_SECONDS)
        return LIMIT_SECONDS, "pendiente"
    finally:
        connection.close()


def _json(
    connection: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> dict[str, Any]:
    connection.request(method, path, body=body, headers=headers)
    return json.loads(connection.getresponse().read())
