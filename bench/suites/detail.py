"""One incident: the page with timeline, suggestion and forms, and the API's answer."""

from incidents.models import Incident

from ..figures import Figure
from ..load import Case, Request, measure
from ..people import page_request, statements_of, token_headers
from ..servers import Bench

SUITE = "Detalle"
SECONDS, ROUNDS = 1.5, 2
P95_TARGET_MS = 200


def run(bench: Bench) -> list[Figure]:
    incident = Incident.objects.filter(suggestions__isnull=False).order_by("id").first()
    assert incident is not None, "the demo has incidents with suggestions"
    requests = {
        "página": page_request("eva", f"/incidencias/{incident.number}/"),
        "API": Request(f"/api/incidencias/{incident.pk}", headers=token_headers("eva")),
    }
    cases = [Case("piso", bench.floor.pid, bench.floor.port, Request(f"/detalle/{incident.pk}"))]
    cases += [Case(name, bench.web.pid, bench.web.port, request) for name, request in requests.items()]
    floor, *results = measure(cases, clients=1, seconds=SECONDS, rounds=ROUNDS)
    figures = []
    for (name, request), result in zip(requests.items(), results, strict=True):
        figures += [
            Figure(SUITE, f"{name}: p50", result.p50, "ms", floor.p50),
            Figure(SUITE, f"{name}: p95", result.p95, "ms", floor.p95, target=P95_TARGET_MS),
            Figure(SUITE, f"{name}: CPU", result.cpu_ms, "ms", floor.cpu_ms),
            Figure(SUITE, f"{name}: consultas", len(statements_of(request)), ""),
        ]
    return figures
