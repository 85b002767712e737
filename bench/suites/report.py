"""Reports through the API by 20 clients at once, alone and while the worker is busy with them."""

import json
from itertools import count

from django.db import connection

from prsystem.accounts.models import Area

from ..figures import Figure
from ..load import Case, Measured, Request, measure
from ..people import statements_of, token_headers
from ..servers import Bench

SUITE = "Reportar"
CLIENTS = 20
SECONDS, ROUNDS = 4.0, 3
P95_TARGET_MS = 150
CPU_TARGET_RATIO = 1.3
DESCRIPTION = (
    "Desde el cambio de turno la máquina se detiene cada diez minutos con la alarma E-4012 en el panel. "
    "Se reinició dos veces y vuelve a fallar al subir la velocidad; hay producto detenido en la línea."
)


def run(bench: Bench) -> list[Figure]:
    bodies = count(1)
    report = report_request(token_headers("ana"), bodies)
    floor = posted("/reporte", {"area_id": Area.objects.get(code="PROD").pk}, bodies, {})
    cases = [
        Case("piso", bench.floor.pid, bench.floor.port, floor),
        Case("reporte", bench.web.pid, bench.web.port, report),
    ]
    queries = len(statements_of(report))
    alone = measure(cases, clients=CLIENTS, seconds=SECONDS, rounds=ROUNDS)
    forget_jobs()
    bench.models()
    with bench.worker():
        busy = measure(cases, clients=CLIENTS, seconds=SECONDS, rounds=1)
        forget_jobs()
    return [
        *_figures("20 clientes", *alone),
        *_figures("20 clientes y worker", *busy),
        Figure(SUITE, "consultas por reporte", queries, ""),
    ]


def report_request(headers: dict[str, str], numbers: "count[int] | None" = None) -> Request:
    """A new report in PROD with each body."""
    return posted("/api/incidencias", {"area": "PROD"}, numbers or count(1), headers)


def posted(path: str, fields: dict[str, object], numbers: "count[int]", headers: dict[str, str]) -> Request:
    def body() -> bytes:
        title = f"Prensa {next(numbers)} se detiene con alarma"
        return json.dumps({"titulo": title, "descripcion": DESCRIPTION, **fields}).encode()

    return Request(path, "POST", {"Content-Type": "application/json", **headers}, body, status=201)


def _figures(label: str, floor: Measured, report: Measured) -> list[Figure]:
    return [
        Figure(SUITE, f"{label}: p50", report.p50, "ms", floor.p50),
        Figure(SUITE, f"{label}: p95", report.p95, "ms", floor.p95, target=P95_TARGET_MS),
        Figure(SUITE, f"{label}: CPU por reporte", report.cpu_ms, "ms", floor.cpu_ms, target_ratio=CPU_TARGET_RATIO),
        Figure(SUITE, f"{label}: por segundo", report.per_second, "/s", floor.per_second),
    ]


def forget_jobs() -> None:
    """Thousands of measured reports must not keep the worker from what is measured next."""
    from prsystem.celery import app

    app.control.purge()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_job WHERE state = 'pending' AND leased_until IS NULL")
