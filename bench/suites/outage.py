"""Reports of a system through the external API while Redis, Chroma, the embedder and Ollama are all down."""

from itertools import count

from integrations.api_keys.models import Scope
from integrations.api_keys.services import KeySpec, api_key_create
from prsystem.accounts.models import Area
from prsystem.core.context import SYSTEM

from ..figures import Figure
from ..load import Case, Request, measure
from ..servers import Bench
from .report import posted

SUITE = "API externa con lo demás caído"
CLIENTS = 4
SECONDS, ROUNDS = 4.0, 3
TARGET_MS = 1000


def run(bench: Bench) -> list[Figure]:
    """The floor is the same report with everything up."""
    request, server, full = _request(), bench.alone, bench.web
    whole, lone = measure(
        [Case("todo", full.pid, full.port, request), Case("solo", server.pid, server.port, request)],
        clients=CLIENTS,
        seconds=SECONDS,
        rounds=ROUNDS,
    )
    return [
        Figure(SUITE, "201: p50", lone.p50, "ms", whole.p50),
        Figure(SUITE, "201: p95", lone.p95, "ms", whole.p95),
        Figure(SUITE, "201: el más lento", max(lone.latencies), "ms", max(whole.latencies), target=TARGET_MS),
        Figure(SUITE, "reportes aceptados", len(lone.latencies), ""),
    ]


def _request() -> Request:
    area = Area.objects.get(code="PROD")
    spec = KeySpec(name="bench", scopes=[Scope.REPORT], areas=[area], rate_per_minute=100_000)
    key = api_key_create(actor=SYSTEM, spec=spec).text
    fields = {"area": "PROD", "origen": "mes"}
    return posted("/api/v1/external/incidencias", fields, count(1), {"X-API-Key": key})
